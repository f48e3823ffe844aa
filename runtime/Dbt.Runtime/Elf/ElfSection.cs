namespace Dbt.Runtime.Elf;

/// <summary>A section header.</summary>
/// <param name="Name">E.g. <c>.text</c>; empty when the file has no names.</param>
/// <param name="Type">sh_type: 1 for contents, 2 and 11 for symbols, 3 for strings, 8 for zeroed memory.</param>
/// <param name="Flags">sh_flags.</param>
/// <param name="Address">First virtual address; 0 when it is not loaded.</param>
/// <param name="Offset">First byte in the file.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Link">Number of the section that this one refers to.</param>
/// <param name="EntrySize">Bytes of an entry, for tables.</param>
public sealed record ElfSection(
    string Name, uint Type, ulong Flags, ulong Address, ulong Offset, ulong Size, uint Link, ulong EntrySize)
{
    internal const int HeaderSize = 64;
    internal const uint SymbolTable = 2, StringTable = 3, ZeroedMemory = 8, DynamicSymbolTable = 11;

    /// <summary>Whether it holds instructions.</summary>
    public bool IsExecutable => (Flags & 4) != 0;
}
