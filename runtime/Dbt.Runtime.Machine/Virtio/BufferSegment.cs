namespace Dbt.Runtime.Machine.Virtio;

/// <summary>A piece of a buffer: it lies in RAM, whatever the guest said.</summary>
/// <param name="Address">Guest physical address of the first byte.</param>
/// <param name="Host">Host address of the first byte.</param>
/// <param name="Length">Bytes, at least 1.</param>
internal readonly unsafe record struct BufferSegment(ulong Address, nint Host, uint Length)
{
    /// <summary>The bytes from an offset on; the guest may be changing them.</summary>
    /// <param name="offset">At most <see cref="Length"/>.</param>
    /// <param name="most">Not more than these.</param>
    public Span<byte> Span(uint offset, int most) => new((byte*)Host + offset, (int)Math.Min((uint)most, Length - offset));
}
