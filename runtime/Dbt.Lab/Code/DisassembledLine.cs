namespace Dbt.Lab.Code;

/// <summary>One line of a listing.</summary>
/// <param name="Address">Guest address.</param>
/// <param name="Bits">The encoding.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Text">Mnemonic, tab, operands.</param>
internal readonly record struct DisassembledLine(ulong Address, uint Bits, int Length, string Text)
{
    /// <summary>The encoding in hexadecimal, as wide as the instruction.</summary>
    public string Encoding => Bits.ToString(Length switch { 1 => "x2", 2 => "x4", _ => "x8" });
}
