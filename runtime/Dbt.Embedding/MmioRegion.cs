namespace Dbt.Embedding;

/// <summary>The addresses of a device, and who answers there.</summary>
internal sealed record MmioRegion(ulong Start, ulong Length, MmioRead? Read, MmioWrite? Write)
{
    public bool Contains(ulong address, int size) => address - Start < Length && Length - (address - Start) >= (ulong)size;

    public bool Overlaps(ulong start, ulong length) => start < Start ? Start - start < length : start - Start < Length;
}
