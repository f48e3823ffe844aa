using Dbt.Isa;

namespace Dbt.Translator.Il.Regions;

/// <summary>Numbers the registers that a region's code names, so that sets of them are words.</summary>
/// <param name="isa">The instruction set.</param>
internal sealed class RegionRegisters(GuestIsa isa)
{
    /// <summary>Most registers in one region.</summary>
    public const int Most = 64;

    private readonly Dictionary<int, int> _numbers = [];
    private readonly List<int> _offsets = [];

    /// <summary>Registers so far.</summary>
    public int Count => _offsets.Count;

    /// <summary>A register's number; counts it when it has none yet.</summary>
    public int NumberOf(int file, int index)
    {
        var offset = isa.RegisterFiles[file].Offset + index * isa.RegisterFiles[file].Stride;
        if (!_numbers.TryGetValue(offset, out var number))
        {
            _numbers.Add(offset, number = _offsets.Count);
            _offsets.Add(offset);
        }
        return number;
    }

    /// <summary>Bytes from the start of the hart's state.</summary>
    public int OffsetOf(int number) => _offsets[number];

    /// <summary>The numbers in a set.</summary>
    public static IEnumerable<int> In(ulong set)
    {
        for (; set != 0; set &= set - 1)
            yield return System.Numerics.BitOperations.TrailingZeroCount(set);
    }
}
