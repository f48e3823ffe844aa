namespace Dbt.Generators.Spec.Model;

/// <summary>One piece of a row's operands column: literal text, a field, or <c>pc+field</c>.</summary>
/// <param name="Literal">Text printed as it is; empty for a field.</param>
/// <param name="Field">Name of the field; empty for text.</param>
/// <param name="PcRelative">Printed as the address pc + field.</param>
/// <param name="Hidden">Carried but not printed: written in braces.</param>
internal readonly record struct OperandModel(string Literal, string Field, bool PcRelative, bool Hidden);
