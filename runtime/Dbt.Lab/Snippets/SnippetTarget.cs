using Dbt.Runtime.Elf;

namespace Dbt.Lab.Snippets;

/// <summary>What building a snippet for a guest takes.</summary>
internal abstract class SnippetTarget
{
    /// <summary>Where programs start.</summary>
    public const string StartSymbol = "_start";

    /// <summary>The cross compiler.</summary>
    public abstract string Compiler { get; }

    /// <summary>Debian's package of it.</summary>
    public abstract string Package { get; }

    /// <summary>The emulator that shows its translations.</summary>
    public abstract string Emulator { get; }

    /// <summary>What its programs are marked with.</summary>
    public abstract ElfMachine Machine { get; }

    /// <summary>Assembly that calls a function with the address of a buffer and small numbers, for emulators that translate what they execute.</summary>
    public abstract string StartCode(string function);
}
