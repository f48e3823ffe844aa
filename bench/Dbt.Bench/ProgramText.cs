using Dbt.Runtime.Elf;
using Dbt.Translator;

namespace Dbt.Bench;

/// <summary>The executable memory of a program that is not running, for compilers.</summary>
internal sealed class ProgramText : IGuestCode
{
    private readonly byte[] _bytes;

    /// <summary>Reads a program.</summary>
    public ProgramText(string path)
    {
        var file = ElfFile.Parse(File.ReadAllBytes(path));
        var text = file.ReadSections().First(section => section.Name == ".text");
        (Start, Length) = (text.Address, text.Size);
        _bytes = file.ReadContents(text);
    }

    /// <summary>Where its .text begins.</summary>
    public ulong Start { get; }

    /// <summary>Bytes of it.</summary>
    public ulong Length { get; }

    /// <inheritdoc/>
    public int Fetch(ulong address, Span<byte> destination)
    {
        if (address - Start >= Length)
            return 0;
        var rest = _bytes.AsSpan((int)(address - Start));
        var length = Math.Min(rest.Length, destination.Length);
        rest[..length].CopyTo(destination);
        return length;
    }
}
