namespace Dbt.Embedding;

/// <summary>Answers a load from a device. Called on the hart's thread; what it throws comes out of <see cref="VirtualHart.Run"/>.</summary>
/// <param name="offset">Bytes from the device's first address.</param>
/// <param name="size">1, 2, 4 or 8. Any alignment.</param>
/// <returns>The value; what does not fit is cut off.</returns>
public delegate ulong MmioRead(ulong offset, int size);
