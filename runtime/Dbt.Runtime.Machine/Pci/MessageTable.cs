using System.Buffers.Binary;
using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Interrupts;
using Dbt.Runtime.Machine.Snapshots;

namespace Dbt.Runtime.Machine.Pci;

/// <summary>Message-signalled interrupts of a function, MSI-X (PCI Local Bus Specification 3.0, section 6.8.2): a vector is a word to write to an address.</summary>
/// <param name="memory">Where messages go.</param>
/// <param name="vectors">How many there are; at most 64.</param>
internal sealed class MessageTable(PhysicalMemory memory, int vectors)
{
    /// <summary>Bytes behind the base address: the table, and the pending bits in the second half.</summary>
    public const uint Length = 0x1000;

    /// <summary>The capability's kind.</summary>
    public const byte CapabilityId = 0x11;

    /// <summary>The vector of what does not interrupt.</summary>
    public const ushort NoVector = 0xffff;

    private const int EntrySize = 16, ControlOffset = 12, PendingStart = 0x800;
    private const ushort Enable = 0x8000, MaskAll = 0x4000;

    private readonly Lock _lock = new();
    private readonly byte[] _table = NewTable(vectors);
    private PciConfiguration? _configuration;
    private int _capability;
    private ulong _pending;

    /// <summary>Whether the guest has switched to messages.</summary>
    public bool IsEnabled => (Control & Enable) != 0;

    private ushort Control => _configuration?.Get16(_capability + 2) ?? 0;

    /// <summary>Adds the capability.</summary>
    /// <param name="configuration">The function's.</param>
    /// <param name="bar">The base address that the table is behind.</param>
    public void AddTo(PciConfiguration configuration, int bar)
    {
        Span<byte> body = stackalloc byte[10];
        body.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(body, (ushort)(vectors - 1));
        BinaryPrimitives.WriteUInt32LittleEndian(body[2..], (uint)bar);
        BinaryPrimitives.WriteUInt32LittleEndian(body[6..], (uint)(PendingStart | bar));
        _capability = configuration.AddCapability(CapabilityId, body, [0, (Enable | MaskAll) >> 8]);
        _configuration = configuration;
    }

    /// <summary>Whether the table has such a vector.</summary>
    public bool Has(ushort vector) => vector < vectors;

    /// <summary>Sends a vector's message, or keeps it until it is no longer masked.</summary>
    public void Send(ushort vector)
    {
        lock (_lock)
        {
            if (Has(vector))
                _pending |= 1UL << vector;
            Flush();
        }
    }

    /// <summary>Sends what was kept, where that is possible now.</summary>
    public void Refresh()
    {
        lock (_lock)
            Flush();
    }

    public ulong Read(ulong offset, int size)
    {
        lock (_lock)
        {
            Span<byte> bytes = stackalloc byte[sizeof(ulong)];
            bytes.Clear();
            if (offset + (ulong)size <= (ulong)_table.Length)
                _table.AsSpan((int)offset, size).CopyTo(bytes);
            else if (offset is >= PendingStart and < PendingStart + sizeof(ulong))
                return _pending >> (int)(offset - PendingStart) * 8;
            return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        }
    }

    public void Write(ulong offset, int size, ulong value)
    {
        lock (_lock)
        {
            if (size < 4 || offset + (ulong)size > (ulong)_table.Length)
                return;
            Span<byte> bytes = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            bytes[..size].CopyTo(_table.AsSpan((int)offset));
            Flush();
        }
    }

    /// <summary>Writes its state.</summary>
    public void Save(SnapshotWriter writer)
    {
        lock (_lock)
        {
            writer.Write(_table);
            writer.Write(_pending);
        }
    }

    /// <summary>Takes it up again.</summary>
    public void Load(SnapshotReader reader)
    {
        lock (_lock)
        {
            reader.Read(_table);
            _pending = reader.ReadUInt64();
        }
    }

    private void Flush()
    {
        if ((Control & (Enable | MaskAll)) != Enable || _configuration is not { IsMaster: true })
            return;
        for (var vector = 0; vector < vectors && _pending != 0; vector++)
        {
            var entry = _table.AsSpan(vector * EntrySize, EntrySize);
            if ((_pending & 1UL << vector) == 0 || (entry[ControlOffset] & 1) != 0)
                continue;
            _pending &= ~(1UL << vector);
            var address = BinaryPrimitives.ReadUInt64LittleEndian(entry);
            // Only to where messages are understood: one to a device's register could make the device send the next.
            if (address % 4 == 0 && memory.FindDevice(address, 4) is { Device: IMessageTarget target } range)
                target.Write(address - range.Start, 4, BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]));
        }
    }

    private static byte[] NewTable(int vectors)
    {
        var table = new byte[vectors * EntrySize];
        for (var vector = 0; vector < vectors; vector++)
            table[vector * EntrySize + ControlOffset] = 1;
        return table;
    }
}
