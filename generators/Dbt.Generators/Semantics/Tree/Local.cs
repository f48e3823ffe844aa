namespace Dbt.Generators.Semantics.Tree;

/// <summary>A local variable of a row; its <see cref="Number"/> is unique there.</summary>
internal sealed record Local(string Name, ValueType Type, int Number);
