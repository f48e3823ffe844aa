namespace Dbt.Runtime.Elf;

/// <summary>The symbols of a file that name addresses, by name and by address. Immutable.</summary>
public sealed class ElfSymbolTable
{
    private readonly ElfSymbol[] _byAddress;
    private readonly Dictionary<string, ElfSymbol> _byName = [];

    internal ElfSymbolTable(IEnumerable<ElfSymbol> symbols)
    {
        // Of several at one address the last is found: the one that says most.
        _byAddress = [.. symbols.OrderBy(s => s.Address).ThenBy(s => s.IsFunction).ThenBy(s => s.IsGlobal).ThenBy(s => s.Size)];
        foreach (var symbol in _byAddress)
            if (!_byName.TryGetValue(symbol.Name, out var other) || symbol.IsGlobal || !other.IsGlobal)
                _byName[symbol.Name] = symbol;
    }

    /// <summary>All symbols, by ascending address.</summary>
    public IReadOnlyList<ElfSymbol> All => _byAddress;

    /// <summary>The symbol of that name, or null; a global one before a local one.</summary>
    public ElfSymbol? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The symbol that the address belongs to, or null: the nearest at or before it, unless that is known to end before.</summary>
    public ElfSymbol? Find(ulong address)
    {
        int low = 0, high = _byAddress.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_byAddress[middle].Address > address)
                high = middle;
            else
                low = middle + 1;
        }
        if (low == 0)
            return null;
        var nearest = _byAddress[low - 1];
        return nearest.Size == 0 || address - nearest.Address < nearest.Size ? nearest : null;
    }
}
