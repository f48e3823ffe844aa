using Dbt.Runtime.Elf;
using Dbt.Translator;

namespace Dbt.Lab.Code;

/// <summary>Guest code that is looked at without being run.</summary>
internal sealed class CodeImage : IGuestCode
{
    private readonly CodeSection[] _sections;
    private readonly ElfSymbolTable? _symbols;
    private readonly Func<ulong, string?>? _nameOf;

    /// <summary>Creates an image of sections that do not overlap.</summary>
    public CodeImage(IEnumerable<CodeSection> sections, ElfSymbolTable? symbols = null)
    {
        _sections = [.. sections.OrderBy(section => section.Address)];
        _symbols = symbols;
    }

    /// <summary>Creates an image of sections whose addresses somebody else names.</summary>
    public CodeImage(IEnumerable<CodeSection> sections, Func<ulong, string?> nameOf)
        : this(sections) => _nameOf = nameOf;

    /// <summary>Sections by address.</summary>
    public IReadOnlyList<CodeSection> Sections => _sections;

    /// <inheritdoc/>
    public int Fetch(ulong address, Span<byte> destination)
    {
        if (SectionAt(address) is not { } section)
            return 0;
        var available = section.Bytes.Span[(int)(address - section.Address)..];
        var count = Math.Min(available.Length, destination.Length);
        available[..count].CopyTo(destination);
        return count;
    }

    /// <summary>The name of the function that starts at an address; null when there is none.</summary>
    public string? FunctionAt(ulong address) => _symbols?.Find(address) is { } symbol && symbol.Address == address ? symbol.Name : null;

    /// <summary>The address as <c>name</c> or <c>name+0x12</c>; null when it belongs to no symbol.</summary>
    public string? NameOf(ulong address)
    {
        if (_nameOf is not null)
            return _nameOf(address);
        if (SectionAt(address) is not { } section || _symbols?.Find(address) is not { } symbol || symbol.Address < section.Address)
            return null;
        return symbol.Describe(address);
    }

    /// <summary>The addresses of the symbol with this name: up to its size, or up to the next symbol. Null when there is none in the code.</summary>
    public AddressRange? Find(string name)
    {
        if (_symbols?.Find(name) is not { } symbol || SectionAt(symbol.Address) is not { } section)
            return null;
        if (symbol.Size > 0)
            return new AddressRange(symbol.Address, symbol.Address + symbol.Size);
        var next = _symbols.All.FirstOrDefault(other => other.Address > symbol.Address)?.Address ?? section.End;
        return new AddressRange(symbol.Address, Math.Min(next, section.End));
    }

    private CodeSection? SectionAt(ulong address) => Array.Find(_sections, section => address >= section.Address && address < section.End);
}
