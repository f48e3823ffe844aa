using System.Buffers.Binary;
using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Interrupts;
using Dbt.Runtime.Machine.Pci;
using Dbt.Runtime.Machine.Snapshots;

namespace Dbt.Runtime.Machine.Virtio;

/// <summary>A device on a PCI bus (virtio 1.2, section 4.1), without what devices had before version 1.</summary>
internal sealed class PciTransport : IPciFunction, IVirtioTransport, ISnapshotable
{
    private const ushort Vendor = 0x1af4, FirstDevice = 0x1040;
    private const byte VendorCapability = 0x09;
    private const byte CommonType = 1, NotifyType = 2, InterruptType = 3, DeviceType = 4, WindowType = 5;

    // Everything is behind the first base address, a page each; messages are behind the second.
    private const int RegisterBar = 0, MessageBar = 1;
    private const uint CommonStart = 0, InterruptStart = 0x1000, DeviceStart = 0x2000, NotifyStart = 0x3000, PartLength = 0x1000, RegisterLength = 0x4000;
    private const uint NotifyStride = 4;
    private const byte UsedBuffer = 1, ConfigurationChange = 2;

    private readonly Lock _lock = new();
    private readonly VirtioDevice _device;
    private readonly IInterruptLine _line;
    private readonly MessageTable? _messages;
    private readonly ushort[] _queueVectors;
    private readonly int _window;
    private uint _deviceFeatureWord, _driverFeatureWord;
    private ushort _queue, _configurationVector = MessageTable.NoVector;
    private byte _interrupts;

    /// <summary>Puts a device on a bus.</summary>
    /// <param name="device">The device.</param>
    /// <param name="line">Its interrupt pin.</param>
    /// <param name="messages">Where messages go, in machines that understand them; null in others.</param>
    /// <param name="slot">Its slot.</param>
    public PciTransport(VirtioDevice device, IInterruptLine line, PhysicalMemory? messages, int slot = 0)
    {
        SnapshotName = $"pci {slot}";
        _device = device;
        _line = line;
        _queueVectors = new ushort[device.Queues.Count];
        _queueVectors.AsSpan().Fill(MessageTable.NoVector);
        Configuration = new PciConfiguration(Vendor, (ushort)(FirstDevice + device.Type), revision: 1, ClassOf(device.Type), (ushort)(FirstDevice + device.Type));
        Configuration.AddBaseAddress(RegisterBar, RegisterLength);
        AddPart(CommonType, CommonStart);
        AddPart(InterruptType, InterruptStart);
        AddPart(DeviceType, DeviceStart);
        AddPart(NotifyType, NotifyStart, NotifyStride);
        _window = Configuration.AddCapability(VendorCapability, [20, WindowType, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0xff, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
        if (messages is not null)
        {
            _messages = new MessageTable(messages, device.Queues.Count + 1);
            Configuration.AddBaseAddress(MessageBar, MessageTable.Length);
            _messages.AddTo(Configuration, MessageBar);
        }
        device.Transport = this;
    }

    /// <inheritdoc/>
    public PciConfiguration Configuration { get; }

    private Virtqueue? Selected => _queue < _device.Queues.Count ? _device.Queues[_queue] : null;

    /// <inheritdoc/>
    public ulong Read(int bar, ulong offset, int size)
    {
        if (bar == MessageBar)
            return _messages?.Read(offset, size) ?? 0;
        switch (offset / PartLength * PartLength)
        {
            case CommonStart:
                return ReadCommon((int)offset, size);
            case InterruptStart:
                return offset == InterruptStart ? TakeInterrupts() : 0u;
            case DeviceStart:
                Span<byte> bytes = stackalloc byte[sizeof(ulong)];
                bytes.Clear();
                _device.ReadConfiguration((int)(offset - DeviceStart), bytes[..size]);
                return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            default:
                return 0;
        }
    }

    /// <inheritdoc/>
    public void Write(int bar, ulong offset, int size, ulong value)
    {
        if (bar == MessageBar)
        {
            _messages?.Write(offset, size, value);
            return;
        }
        switch (offset / PartLength * PartLength)
        {
            case CommonStart:
                WriteCommon((int)offset, size, value);
                break;
            case DeviceStart:
                Span<byte> bytes = stackalloc byte[sizeof(ulong)];
                BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
                _device.WriteConfiguration((int)(offset - DeviceStart), bytes[..size]);
                break;
            case NotifyStart:
                _device.Notify((int)((offset - NotifyStart) / NotifyStride));
                break;
        }
    }

    /// <summary>Reads configuration space; in it is a window to the registers, for those that cannot reach memory yet.</summary>
    public uint ReadConfiguration(int offset, int size) =>
        IsWindow(offset, out var register, out var length) ? (uint)Read(RegisterBar, register, length) : Configuration.Read(offset, size);

    /// <summary>Writes configuration space.</summary>
    public void WriteConfiguration(int offset, int size, uint value)
    {
        if (IsWindow(offset, out var register, out var length))
        {
            Write(RegisterBar, register, length, value);
            return;
        }
        Configuration.Write(offset, size, value);
        _messages?.Refresh();
        lock (_lock)
            Drive();
    }

    /// <inheritdoc/>
    public void InterruptQueue(int queue) => Interrupt(UsedBuffer, _queueVectors[queue]);

    /// <inheritdoc/>
    public void InterruptConfiguration() => Interrupt(ConfigurationChange, _configurationVector);

    /// <inheritdoc/>
    public string SnapshotName { get; }

    /// <inheritdoc/>
    public int SnapshotVersion => 1;

    /// <inheritdoc/>
    public void Save(SnapshotWriter writer)
    {
        writer.Write(_device.Type);
        Configuration.Save(writer);
        _messages?.Save(writer);
        writer.Write([_deviceFeatureWord, _driverFeatureWord, _queue, _configurationVector, .. _queueVectors]);
        _device.Save(writer);
        lock (_lock)
            writer.Write((uint)_interrupts);
    }

    // The device last: it may interrupt at once.
    /// <inheritdoc/>
    public void Load(SnapshotReader reader, int version)
    {
        if (reader.ReadUInt32() is var type && type != _device.Type)
            throw new SnapshotException($"the snapshot has a device of type {type} as '{SnapshotName}', this machine one of type {_device.Type}");
        Configuration.Load(reader);
        _messages?.Load(reader);
        var numbers = new uint[4 + _queueVectors.Length];
        reader.Read(numbers);
        (_deviceFeatureWord, _driverFeatureWord, _queue, _configurationVector) = (numbers[0], numbers[1], (ushort)numbers[2], (ushort)numbers[3]);
        for (var queue = 0; queue < _queueVectors.Length; queue++)
            _queueVectors[queue] = (ushort)numbers[4 + queue];
        _device.Load(reader);
        lock (_lock)
        {
            _interrupts |= (byte)reader.ReadUInt32();
            Drive();
        }
        _messages?.Refresh();
    }

    private static uint ClassOf(uint type) => type switch
    {
        1 => 0x02_0000, // network controller
        2 => 0x01_8000, // mass storage
        3 => 0x07_8000, // communication
        _ => 0xff_0000, // of no class
    };

    private void AddPart(byte type, uint start, uint? stride = null)
    {
        Span<byte> body = stackalloc byte[18];
        body.Clear();
        body = stride is null ? body[..14] : body;
        body[0] = (byte)(body.Length + 2);
        body[1] = type;
        body[2] = RegisterBar;
        BinaryPrimitives.WriteUInt32LittleEndian(body[6..], start);
        BinaryPrimitives.WriteUInt32LittleEndian(body[10..], PartLength);
        if (stride is { } value)
            BinaryPrimitives.WriteUInt32LittleEndian(body[14..], value);
        Configuration.AddCapability(VendorCapability, body);
    }

    // The capability says which register its last four bytes are.
    private bool IsWindow(int offset, out ulong register, out int length)
    {
        register = Configuration.Get32(_window + 8);
        length = (int)Configuration.Get32(_window + 12);
        return offset == _window + 16 && Configuration.Get16(_window + 4) == RegisterBar && length is 1 or 2 or 4 && register < RegisterLength && register % (ulong)length == 0;
    }

    private void Interrupt(byte reason, ushort vector)
    {
        if (_messages is { IsEnabled: true })
        {
            _messages.Send(vector);
            return;
        }
        lock (_lock)
        {
            _interrupts |= reason;
            Drive();
        }
    }

    private void Drive() => _line.Set(_interrupts != 0 && Configuration.MayInterrupt && _messages is not { IsEnabled: true });

    // Reading acknowledges.
    private byte TakeInterrupts()
    {
        lock (_lock)
        {
            var interrupts = _interrupts;
            _interrupts = 0;
            Drive();
            return interrupts;
        }
    }

    private ulong ReadCommon(int register, int size) => register switch
    {
        Common.DeviceFeatureSelect => _deviceFeatureWord,
        Common.DeviceFeature => _device.OfferedWord(_deviceFeatureWord),
        Common.DriverFeatureSelect => _driverFeatureWord,
        Common.ConfigurationVector => _configurationVector,
        Common.QueueCount => (uint)_device.Queues.Count,
        Common.Status => (uint)_device.Status,
        Common.ConfigurationGeneration => _device.ConfigurationGeneration,
        Common.QueueSelect => _queue,
        Common.QueueSize => (uint)(Selected?.Size ?? 0),
        Common.QueueVector => Selected is null ? MessageTable.NoVector : _queueVectors[_queue],
        Common.QueueEnable => Selected is { IsEnabled: true } ? 1u : 0,
        Common.QueueNotifyOffset => _queue,
        >= Common.QueueDescriptors and < Common.End => Selected is { } queue ? Address(queue, register) >> register % 8 * 8 : 0,
        _ => 0,
    };

    private void WriteCommon(int register, int size, ulong value)
    {
        switch (register)
        {
            case Common.DeviceFeatureSelect:
                _deviceFeatureWord = (uint)value;
                break;
            case Common.DriverFeatureSelect:
                _driverFeatureWord = (uint)value;
                break;
            case Common.DriverFeature:
                _device.WriteFeatures(_driverFeatureWord, (uint)value);
                break;
            case Common.ConfigurationVector:
                _configurationVector = Vector(value);
                break;
            case Common.Status:
                WriteStatus((VirtioStatus)value);
                break;
            case Common.QueueSelect:
                _queue = (ushort)value;
                break;
            case Common.QueueVector when Selected is not null:
                _queueVectors[_queue] = Vector(value);
                break;
            case Common.QueueEnable when Selected is not null && (value & 1) != 0:
                _device.EnableQueue(_queue);
                break;
            case Common.QueueSize when Selected is { IsEnabled: false } queue:
                queue.Size = (ushort)value;
                break;
            case >= Common.QueueDescriptors and < Common.End when Selected is { IsEnabled: false } queue && size >= 4:
                WriteAddress(queue, register, size, value);
                break;
        }
    }

    private static ulong Address(Virtqueue queue, int register) => (register & ~7) switch
    {
        Common.QueueDescriptors => queue.DescriptorAddress,
        Common.QueueDriver => queue.AvailableAddress,
        _ => queue.UsedAddress,
    };

    private static void WriteAddress(Virtqueue queue, int register, int size, ulong value)
    {
        var shift = register % 8 * 8;
        var address = size == 8 ? value : Address(queue, register) & ~(0xffff_ffffUL << shift) | (value & 0xffff_ffff) << shift;
        switch (register & ~7)
        {
            case Common.QueueDescriptors:
                queue.DescriptorAddress = address;
                break;
            case Common.QueueDriver:
                queue.AvailableAddress = address;
                break;
            default:
                queue.UsedAddress = address;
                break;
        }
    }

    private ushort Vector(ulong value) => _messages?.Has((ushort)value) == true ? (ushort)value : MessageTable.NoVector;

    private void WriteStatus(VirtioStatus status)
    {
        _device.WriteStatus(status);
        if (status != VirtioStatus.None)
            return;
        (_deviceFeatureWord, _driverFeatureWord, _queue, _configurationVector) = (0, 0, 0, MessageTable.NoVector);
        _queueVectors.AsSpan().Fill(MessageTable.NoVector);
        TakeInterrupts();
    }

    // struct virtio_pci_common_cfg.
    private static class Common
    {
        public const int DeviceFeatureSelect = 0x00, DeviceFeature = 0x04, DriverFeatureSelect = 0x08, DriverFeature = 0x0c;
        public const int ConfigurationVector = 0x10, QueueCount = 0x12, Status = 0x14, ConfigurationGeneration = 0x15;
        public const int QueueSelect = 0x16, QueueSize = 0x18, QueueVector = 0x1a, QueueEnable = 0x1c, QueueNotifyOffset = 0x1e;
        public const int QueueDescriptors = 0x20, QueueDriver = 0x28, QueueDevice = 0x30, End = 0x38;
    }
}
