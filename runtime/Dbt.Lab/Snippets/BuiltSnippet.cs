using Dbt.Runtime.Elf;

namespace Dbt.Lab.Snippets;

/// <summary>A snippet as machine code.</summary>
/// <param name="Address">Of the code.</param>
/// <param name="Code">All of it.</param>
/// <param name="Symbols">Its symbols.</param>
/// <param name="Functions">Those of the user, by address.</param>
internal sealed record BuiltSnippet(ulong Address, byte[] Code, ElfSymbolTable Symbols, IReadOnlyList<ElfSymbol> Functions)
{
    /// <summary>The bytes of a function.</summary>
    public byte[] BytesOf(ElfSymbol function) => Code.AsSpan((int)(function.Address - Address), (int)function.Size).ToArray();
}
