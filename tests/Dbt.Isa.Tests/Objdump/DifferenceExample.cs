namespace Dbt.Isa.Tests.Objdump;

/// <summary>A word that we and binutils print differently.</summary>
internal sealed record DifferenceExample(int WordBits, uint Word, bool NoAliases = false);
