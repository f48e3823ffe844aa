namespace Dbt.Fuzz.Programs;

/// <summary>
/// Random numbers that are the same on every runtime, since a seed in a report must mean the same program for ever
/// (<see cref="Random"/> does not promise that). SplitMix64.
/// </summary>
internal sealed class RandomSource(ulong seed)
{
    private const ulong Increment = 0x9E3779B97F4A7C15;
    private ulong _state = seed;

    /// <summary>The seed of the n-th of many independent sources.</summary>
    public static ulong Derive(ulong seed, ulong index) => Mix(Mix(seed + Increment) ^ index * Increment);

    public ulong NextUInt64() => Mix(_state += Increment);

    /// <summary>A number below a limit.</summary>
    public int Below(int limit) => (int)Math.BigMul(NextUInt64(), (ulong)limit, out _);

    /// <summary>A number in a range, both ends included.</summary>
    public long Between(long minimum, long maximum) =>
        minimum + (long)Math.BigMul(NextUInt64(), (ulong)(maximum - minimum) + 1, out _);

    /// <summary>True once in so many times.</summary>
    public bool OneIn(int count) => Below(count) == 0;

    public T Pick<T>(IReadOnlyList<T> list) => list[Below(list.Count)];

    /// <summary>A word of random length: small numbers are as likely as large ones.</summary>
    public ulong NextSized() => NextUInt64() >> Below(64);

    private static ulong Mix(ulong z)
    {
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }
}
