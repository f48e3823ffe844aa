using System.Buffers.Binary;
using Dbt.Runtime.Machine.Snapshots;

namespace Dbt.Runtime.Machine.Pci;

/// <summary>The configuration space of a function with 32-bit base addresses (PCI Local Bus Specification 3.0, chapter 6).</summary>
internal sealed class PciConfiguration
{
    /// <summary>Bytes: what PCI Express adds reads 0.</summary>
    public const int Length = 256;

    /// <summary>Base addresses that a function may have.</summary>
    public const int BaseAddresses = 6;

    private const int Command = 0x04, StatusRegister = 0x06, BaseAddressStart = 0x10, CapabilityPointer = 0x34, InterruptLine = 0x3c, FirstCapability = 0x40;
    private const ushort MemoryEnable = 2, MasterEnable = 4, InterruptDisable = 0x400, CapabilityList = 0x10;

    private readonly byte[] _bytes = new byte[Length];
    private readonly byte[] _writable = new byte[Length];
    private readonly uint[] _sizes = new uint[BaseAddresses];
    private int _end = FirstCapability, _last = CapabilityPointer;

    /// <summary>A function of no kind yet.</summary>
    public PciConfiguration(ushort vendor, ushort device, byte revision, uint classCode, ushort subsystem)
    {
        Set16(0x00, vendor);
        Set16(0x02, device);
        _bytes[0x08] = revision;
        _bytes[0x09] = (byte)classCode;
        Set16(0x0a, (ushort)(classCode >> 8));
        Set16(0x2c, vendor);
        Set16(0x2e, subsystem);
        Set16(StatusRegister, CapabilityList);
        _bytes[0x3d] = 1; // interrupt pin A
        Allow(Command, 2, MemoryEnable | MasterEnable | InterruptDisable);
        Allow(InterruptLine, 1, 0xff);
    }

    /// <summary>Whether the function may write to memory.</summary>
    public bool IsMaster => (Get16(Command) & MasterEnable) != 0;

    /// <summary>Whether the function may drive its interrupt pin.</summary>
    public bool MayInterrupt => (Get16(Command) & InterruptDisable) == 0;

    /// <summary>Gives the function a base address.</summary>
    /// <param name="bar">Which.</param>
    /// <param name="size">Bytes behind it: a power of two.</param>
    public void AddBaseAddress(int bar, uint size)
    {
        _sizes[bar] = size;
        Allow(BaseAddressStart + bar * 4, 4, ~(size - 1));
    }

    /// <summary>Adds a capability and returns where it is.</summary>
    /// <param name="id">Its kind.</param>
    /// <param name="body">What follows the pointer to the next one.</param>
    /// <param name="writable">Which bits of that can be written; none when empty.</param>
    public int AddCapability(byte id, ReadOnlySpan<byte> body, ReadOnlySpan<byte> writable = default)
    {
        var start = _end;
        _bytes[_last] = (byte)start;
        _bytes[start] = id;
        body.CopyTo(_bytes.AsSpan(start + 2));
        writable.CopyTo(_writable.AsSpan(start + 2));
        _last = start + 1;
        _end = start + 2 + body.Length + 3 & ~3;
        return start;
    }

    /// <summary>Which base address an address of memory belongs to.</summary>
    /// <returns>False when the guest has put none there, or switched them off.</returns>
    public bool TryFind(ulong address, out int bar, out ulong offset)
    {
        offset = 0;
        for (bar = 0; bar < BaseAddresses; bar++)
        {
            var start = Get32(BaseAddressStart + bar * 4);
            offset = address - start;
            if (_sizes[bar] != 0 && offset < _sizes[bar] && (Get16(Command) & MemoryEnable) != 0)
                return true;
        }
        return false;
    }

    public uint Read(int offset, int size)
    {
        if (offset + size > Length)
            return 0;
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        bytes.Clear();
        _bytes.AsSpan(offset, size).CopyTo(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    public void Write(int offset, int size, uint value)
    {
        for (var i = offset; i < Math.Min(offset + size, Length); i++, value >>= 8)
            _bytes[i] = (byte)(_bytes[i] & ~_writable[i] | (byte)value & _writable[i]);
    }

    /// <summary>Writes what the guest may have written.</summary>
    public void Save(SnapshotWriter writer) => writer.Write(_bytes);

    /// <summary>Takes that up again; the rest stays as the function has it.</summary>
    public void Load(SnapshotReader reader)
    {
        Span<byte> bytes = stackalloc byte[Length];
        reader.Read(bytes);
        for (var i = 0; i < Length; i++)
            _bytes[i] = (byte)(_bytes[i] & ~_writable[i] | bytes[i] & _writable[i]);
    }

    public ushort Get16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(offset));

    public uint Get32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(offset));

    private void Set16(int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(offset), value);

    private void Allow(int offset, int size, uint bits)
    {
        for (var i = offset; i < offset + size; i++, bits >>= 8)
            _writable[i] = (byte)bits;
    }
}
