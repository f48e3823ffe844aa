namespace Dbt.Translator.Il.Regions;

/// <summary>Guest bytes as they were when something was compiled from them.</summary>
/// <param name="Start">Guest address.</param>
/// <param name="Bytes">The bytes.</param>
internal sealed record SourceRange(ulong Start, byte[] Bytes)
{
    /// <summary>Whether a byte of [start, last] is among them.</summary>
    public bool Overlaps(ulong start, ulong last) => Start <= last && Start + (uint)Bytes.Length > start;

    /// <summary>Whether the guest has the same bytes now.</summary>
    public bool IsCurrent(IGuestCode code)
    {
        var now = new byte[Bytes.Length];
        return code.Fetch(Start, now) == now.Length && now.AsSpan().SequenceEqual(Bytes);
    }

    /// <summary>Whether the guest can change them without saying so.</summary>
    public bool MayChange(IGuestCode code) => code.MayChange(Start) || code.MayChange(Start + (uint)Bytes.Length - 1);
}
