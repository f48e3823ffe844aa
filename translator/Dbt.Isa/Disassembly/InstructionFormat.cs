namespace Dbt.Isa.Disassembly;

/// <summary>How an operation is printed.</summary>
/// <param name="Template">
/// Text in which <c>%</c>, a slot (A to E, I for the immediate) and a letter stand for an operand:
/// a digit for a register file, d decimal, h hexadecimal, u upper, c system register, o order suffix, f fence set, p pc-relative,
/// r rounding mode (dynamic: nothing, nor the comma before it). <c>%=</c>, a digit and a two-digit number stand for that register.
/// </param>
/// <param name="Aliases">Other ways, those with the most conditions first.</param>
internal sealed record InstructionFormat(string Template, AliasFormat[] Aliases);
