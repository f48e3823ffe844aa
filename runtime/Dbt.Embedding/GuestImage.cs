using Dbt.Runtime.Elf;

namespace Dbt.Embedding;

/// <summary>A program in a guest's memory.</summary>
public sealed class GuestImage
{
    private readonly ElfSymbolTable? _symbols;
    private readonly ulong _bias;

    internal GuestImage(LoadedImage image, ElfSymbolTable symbols)
    {
        (Start, End, Entry) = (image.Start, image.End, image.Entry);
        _symbols = symbols;
        _bias = image.Bias;
    }

    /// <summary>Its lowest page.</summary>
    public ulong Start { get; }

    /// <summary>First address behind it.</summary>
    public ulong End { get; }

    /// <summary>Its first instruction.</summary>
    public ulong Entry { get; }

    /// <summary>The address of a function or variable.</summary>
    /// <param name="name">Its name, as the linker has it.</param>
    /// <param name="address">Its guest address; 0 when there is none of that name.</param>
    public bool TryFindSymbol(string name, out ulong address)
    {
        ArgumentNullException.ThrowIfNull(name);
        var symbol = _symbols?.Find(name);
        address = symbol is null ? 0 : symbol.Address + _bias;
        return symbol is not null;
    }
}
