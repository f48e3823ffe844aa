namespace Dbt.Translator.Baseline;

/// <summary>A value of the instruction that is being compiled, as <see cref="X64Builder"/> hands it out: its place in an <see cref="ExpressionPool"/>.</summary>
/// <param name="Place">The place.</param>
internal readonly record struct Operand(int Place);
