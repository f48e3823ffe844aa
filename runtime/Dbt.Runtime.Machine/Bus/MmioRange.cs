namespace Dbt.Runtime.Machine.Bus;

/// <summary>Where a device's registers are.</summary>
/// <param name="Start">Guest physical address of the first byte.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Device">Who answers.</param>
public sealed record MmioRange(ulong Start, ulong Length, IMmioDevice Device)
{
    /// <summary>Whether an access of so many bytes lies within the range.</summary>
    public bool Contains(ulong address, int size) => address - Start < Length && Length - (address - Start) >= (ulong)size;
}
