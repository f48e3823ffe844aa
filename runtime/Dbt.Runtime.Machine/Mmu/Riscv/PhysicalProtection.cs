using Dbt.Isa;

namespace Dbt.Runtime.Machine.Mmu.Riscv;

/// <summary>Physical memory protection: 16 entries (Privileged Manual, "Physical Memory Protection").</summary>
internal sealed class PhysicalProtection
{
    /// <summary>Number of entries.</summary>
    public const int Count = 16;

    private const int Read = 1, Write = 2, Execute = 4, ModeShift = 3, Locked = 0x80;

    private readonly List<Region> _regions = [];

    /// <summary>Whether no access of S or U mode can fail: the usual case, asked on every miss.</summary>
    private bool _allowsEverything;

    /// <summary>Takes over the registers.</summary>
    /// <param name="configurations">pmpcfg0 and pmpcfg2: a byte an entry.</param>
    /// <param name="addresses">pmpaddr0 and so on.</param>
    public void Load(ReadOnlySpan<byte> configurations, ReadOnlySpan<ulong> addresses)
    {
        _regions.Clear();
        for (var i = 0; i < Count; i++)
        {
            var configuration = configurations[i];
            var address = addresses[i];
            switch (configuration >> ModeShift & 3)
            {
                case 1:
                    var bottom = i == 0 ? 0 : addresses[i - 1] << 2;
                    if (bottom < address << 2)
                        _regions.Add(new(bottom, (address << 2) - 1, configuration));
                    break;
                case 2:
                    _regions.Add(new(address << 2, (address << 2) + 3, configuration));
                    break;
                case 3:
                    // The number of low ones says the size: 8 bytes and up.
                    var size = address ^ (address + 1);
                    var start = (address & ~size) << 2;
                    _regions.Add(new(start, start | size << 2 | 3, configuration));
                    break;
            }
        }
        // The registers have 54 bits of address, of which all of physical memory lies below.
        _allowsEverything = _regions.Count > 0 && _regions[0] is { First: 0, Last: >= (1UL << 56) - 1 } all
            && (all.Configuration & (Read | Write | Execute | Locked)) == (Read | Write | Execute);
    }

    /// <summary>Whether an access is allowed.</summary>
    /// <param name="address">Guest physical address.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="access">What is wanted.</param>
    /// <param name="privilege">0 is U, 1 is S, 3 is M.</param>
    public bool Allows(ulong address, ulong length, AccessKind access, int privilege)
    {
        if (_allowsEverything)
            return true;
        var last = address + (length - 1);
        foreach (var region in _regions)
        {
            if (last < region.First || address > region.Last)
                continue;
            if (privilege == 3 && (region.Configuration & Locked) == 0)
                return address >= region.First && last <= region.Last;
            var needed = access switch { AccessKind.Read => Read, AccessKind.Write => Write, _ => Execute };
            return address >= region.First && last <= region.Last && (region.Configuration & needed) != 0;
        }
        return privilege == 3;
    }

    /// <summary>Whether all accesses within a page are allowed or forbidden alike.</summary>
    public bool IsUniform(ulong page)
    {
        if (_allowsEverything)
            return true;
        foreach (var region in _regions)
            if (page <= region.Last && page + 0xFFF >= region.First && (page < region.First || page + 0xFFF > region.Last))
                return false;
        return true;
    }

    private readonly record struct Region(ulong First, ulong Last, byte Configuration);
}
