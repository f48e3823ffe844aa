namespace Dbt.Runtime.Machine.Bus;

/// <summary>
/// A device's registers in physical memory. Accesses are naturally aligned and lie within the range that the device was mapped with; several
/// harts may make them at once, so a device locks what it must. What a guest writes is hostile: no access throws.
/// </summary>
public interface IMmioDevice
{
    /// <summary>Reads a register.</summary>
    /// <param name="offset">From the beginning of the device's range; a multiple of <paramref name="size"/>.</param>
    /// <param name="size">Bytes: 1, 2, 4 or 8.</param>
    /// <returns>The value, zero-extended; what lies above the size is ignored. Registers that do not exist read 0.</returns>
    ulong Read(ulong offset, int size);

    /// <summary>Writes a register; what does not exist ignores it.</summary>
    /// <param name="offset">From the beginning of the device's range; a multiple of <paramref name="size"/>.</param>
    /// <param name="size">Bytes: 1, 2, 4 or 8.</param>
    /// <param name="value">The value, zero-extended.</param>
    void Write(ulong offset, int size, ulong value);
}
