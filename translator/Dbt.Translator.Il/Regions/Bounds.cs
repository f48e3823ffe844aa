namespace Dbt.Translator.Il.Regions;

/// <summary>
/// What is known of registers as addresses: how far each is, at most, from an address inside of the guest's window. What is less than
/// <see cref="Guard"/> away from one is inside, or where every access fails.
/// </summary>
/// <param name="distances">For each register, in bytes; <see cref="Unknown"/> is more than anything.</param>
internal sealed class Bounds(int[] distances)
{
    /// <summary>Less than what is inaccessible in front of and behind the window, by as much as the widest access.</summary>
    public const int Guard = (64 << 10) - 256;

    /// <summary>A register may hold anything.</summary>
    public const int Unknown = int.MaxValue;

    // What grows further in a loop would for ever.
    private const int Farthest = 32 << 10;

    /// <summary>How far a register is.</summary>
    public int this[int register] => distances[register];

    /// <summary>Nothing is known of so many registers.</summary>
    public static Bounds Nothing(int registers)
    {
        var distances = new int[registers];
        Array.Fill(distances, Unknown);
        return new Bounds(distances);
    }

    /// <summary>What is known when either holds.</summary>
    public static Bounds Merge(Bounds first, Bounds second) => new([.. first.Distances.Zip(second.Distances, Math.Max)]);

    /// <summary>The same, with registers of a set compared just now.</summary>
    public Bounds With(ulong compared) => new([.. distances.Select((distance, register) => (compared >> register & 1) != 0 ? 0 : distance)]);

    /// <summary>The same, and nothing of registers of which the other one knows something else.</summary>
    public Bounds WithoutWhatDiffersFrom(Bounds other) =>
        new([.. distances.Select((distance, register) => distance == other[register] ? distance : Unknown)]);

    /// <summary>Whether both know the same.</summary>
    public bool Same(Bounds other) => distances.AsSpan().SequenceEqual(other.Distances);

    /// <summary>A distance as it is kept from block to block.</summary>
    public static int Keep(long distance) => distance > Farthest ? Unknown : (int)distance;

    private int[] Distances => distances;
}
