namespace Dbt.Embedding;

/// <summary>Takes a store to a device. Called on the hart's thread; what it throws comes out of <see cref="VirtualHart.Run"/>.</summary>
/// <param name="offset">Bytes from the device's first address.</param>
/// <param name="size">1, 2, 4 or 8. Any alignment.</param>
/// <param name="value">The value, zero-extended.</param>
public delegate void MmioWrite(ulong offset, int size, ulong value);
