namespace Dbt.Translator.Il.Trees.Statements;

/// <summary>A register's value and where in the hart's state it lives.</summary>
/// <param name="Offset">Bytes from the start of the state.</param>
/// <param name="Value">The value: a local or a constant, of type U64.</param>
internal readonly record struct RegisterHome(int Offset, Node Value);
