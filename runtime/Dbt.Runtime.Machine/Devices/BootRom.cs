using System.Buffers.Binary;
using Dbt.Runtime.Machine.Bus;

namespace Dbt.Runtime.Machine.Devices;

/// <summary>Memory that is only read: what firmware finds when the machine starts.</summary>
/// <param name="bytes">What is in it.</param>
internal sealed class BootRom(ReadOnlyMemory<byte> bytes) : IMmioDevice
{
    /// <summary>Bytes of the range; behind what is in it everything is 0.</summary>
    public const ulong Length = 0x1000;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        Span<byte> value = stackalloc byte[sizeof(ulong)];
        value.Clear();
        if (offset < (ulong)bytes.Length)
            bytes.Span.Slice((int)offset, Math.Min(size, bytes.Length - (int)offset)).CopyTo(value);
        return BinaryPrimitives.ReadUInt64LittleEndian(value);
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
    }
}
