using System.Buffers.Binary;
using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Interrupts;
using Dbt.Runtime.Machine.Snapshots;

namespace Dbt.Runtime.Machine.Virtio;

/// <summary>The registers by which a driver reaches a device in memory (virtio 1.2, section 4.2), version 2; an empty slot without a device.</summary>
internal sealed class MmioTransport : IMmioDevice, IVirtioTransport, ISnapshotable
{
    /// <summary>Bytes of registers.</summary>
    public const ulong Length = 0x1000;

    private const uint Magic = 0x7472_6976, Version = 2, Vendor = 0x5442_4430;
    private const uint UsedBuffer = 1, ConfigurationChange = 2;
    private const int ConfigurationStart = 0x100;

    private readonly Lock _lock = new();
    private readonly VirtioDevice? _device;
    private readonly IInterruptLine _line;
    private uint _deviceFeatureWord, _driverFeatureWord, _interrupts;
    private int _queue;

    /// <summary>The registers of a device, or of an empty slot.</summary>
    /// <param name="device">The device; null in an empty slot.</param>
    /// <param name="line">Where it interrupts.</param>
    /// <param name="slot">Which slot of its machine this is.</param>
    public MmioTransport(VirtioDevice? device, IInterruptLine line, int slot = 0)
    {
        SnapshotName = $"virtio {slot}";
        _device = device;
        _line = line;
        if (device is not null)
            device.Transport = this;
    }

    private Virtqueue? Selected => _device is not null && (uint)_queue < (uint)_device.Queues.Count ? _device.Queues[_queue] : null;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        if (offset < ConfigurationStart)
            return size == sizeof(uint) ? ReadRegister((int)offset) : 0;
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        _device?.ReadConfiguration((int)offset - ConfigurationStart, bytes[..size]);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        if (_device is null)
            return;
        if (offset >= ConfigurationStart)
        {
            Span<byte> bytes = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            _device.WriteConfiguration((int)offset - ConfigurationStart, bytes[..size]);
        }
        else if (offset == Register.QueueNotify)
        {
            // Without the lock: a device may take its time, and others ask for the interrupt status meanwhile.
            _device.Notify((int)Math.Min(value, int.MaxValue));
        }
        else if (size == sizeof(uint))
        {
            WriteRegister(_device, (int)offset, (uint)value);
        }
    }

    /// <inheritdoc/>
    public void InterruptQueue(int queue) => Interrupt(UsedBuffer);

    /// <inheritdoc/>
    public void InterruptConfiguration() => Interrupt(ConfigurationChange);

    /// <inheritdoc/>
    public string SnapshotName { get; }

    /// <inheritdoc/>
    public int SnapshotVersion => 1;

    /// <inheritdoc/>
    public void Save(SnapshotWriter writer)
    {
        writer.Write(_device?.Type ?? 0);
        _device?.Save(writer);
        writer.Write([_deviceFeatureWord, _driverFeatureWord, (uint)_queue, Volatile.Read(ref _interrupts)]);
    }

    /// <inheritdoc/>
    public void Load(SnapshotReader reader, int version)
    {
        if (reader.ReadUInt32() is var type && type != (_device?.Type ?? 0))
            throw new SnapshotException($"the snapshot has a device of type {type} as '{SnapshotName}', this machine one of type {_device?.Type ?? 0}");
        _device?.Load(reader);
        Span<uint> numbers = stackalloc uint[4];
        reader.Read(numbers);
        (_deviceFeatureWord, _driverFeatureWord, _queue) = (numbers[0], numbers[1], (int)numbers[2]);
        Interrupt(numbers[3]);
    }

    private void Interrupt(uint reason)
    {
        lock (_lock)
        {
            _interrupts |= reason;
            _line.Set(_interrupts != 0);
        }
    }

    private uint ReadRegister(int register)
    {
        switch (register)
        {
            case Register.MagicValue:
                return Magic;
            case Register.Version:
                return Version;
            case Register.DeviceId:
                return _device?.Type ?? 0;
            case Register.VendorId:
                return Vendor;
            case Register.DeviceFeatures:
                return _device?.OfferedWord(_deviceFeatureWord) ?? 0;
            case Register.QueueSizeMax:
                return (uint)(Selected?.MaxSize ?? 0);
            case Register.QueueReady:
                return Selected is { IsEnabled: true } ? 1u : 0;
            case Register.InterruptStatus:
                return Volatile.Read(ref _interrupts);
            case Register.Status:
                return (uint)(_device?.Status ?? 0);
            case Register.SharedMemoryLengthLow or Register.SharedMemoryLengthHigh or Register.SharedMemoryBaseLow or Register.SharedMemoryBaseHigh:
                // A length of -1: there is no such region.
                return uint.MaxValue;
            case Register.ConfigurationGeneration:
                return _device?.ConfigurationGeneration ?? 0;
            default:
                return 0;
        }
    }

    private void WriteRegister(VirtioDevice device, int register, uint value)
    {
        switch (register)
        {
            case Register.DeviceFeaturesSelect:
                _deviceFeatureWord = value;
                break;
            case Register.DriverFeaturesSelect:
                _driverFeatureWord = value;
                break;
            case Register.DriverFeatures:
                device.WriteFeatures(_driverFeatureWord, value);
                break;
            case Register.QueueSelect:
                _queue = (int)Math.Min(value, int.MaxValue);
                break;
            case Register.QueueReady when Selected is not null:
                if ((value & 1) != 0)
                    device.EnableQueue(_queue);
                else
                    device.DisableQueue(_queue);
                break;
            case Register.InterruptAcknowledge:
                Acknowledge(value);
                break;
            case Register.Status:
                WriteStatus(device, (VirtioStatus)value);
                break;
            default:
                // A queue in service keeps its place.
                if (Selected is { IsEnabled: false } queue)
                    WriteQueue(queue, register, value);
                break;
        }
    }

    private static void WriteQueue(Virtqueue queue, int register, uint value)
    {
        switch (register)
        {
            case Register.QueueSize:
                queue.Size = (int)Math.Min(value, int.MaxValue);
                break;
            case Register.QueueDescriptorLow:
                queue.DescriptorAddress = queue.DescriptorAddress & ~0xffff_ffffUL | value;
                break;
            case Register.QueueDescriptorHigh:
                queue.DescriptorAddress = (uint)queue.DescriptorAddress | (ulong)value << 32;
                break;
            case Register.QueueDriverLow:
                queue.AvailableAddress = queue.AvailableAddress & ~0xffff_ffffUL | value;
                break;
            case Register.QueueDriverHigh:
                queue.AvailableAddress = (uint)queue.AvailableAddress | (ulong)value << 32;
                break;
            case Register.QueueDeviceLow:
                queue.UsedAddress = queue.UsedAddress & ~0xffff_ffffUL | value;
                break;
            case Register.QueueDeviceHigh:
                queue.UsedAddress = (uint)queue.UsedAddress | (ulong)value << 32;
                break;
        }
    }

    private void WriteStatus(VirtioDevice device, VirtioStatus status)
    {
        device.WriteStatus(status);
        if (status != VirtioStatus.None)
            return;
        (_deviceFeatureWord, _driverFeatureWord, _queue) = (0, 0, 0);
        Acknowledge(uint.MaxValue);
    }

    private void Acknowledge(uint reasons)
    {
        lock (_lock)
        {
            _interrupts &= ~reasons;
            _line.Set(_interrupts != 0);
        }
    }

    private static class Register
    {
        public const int MagicValue = 0x000, Version = 0x004, DeviceId = 0x008, VendorId = 0x00c;
        public const int DeviceFeatures = 0x010, DeviceFeaturesSelect = 0x014, DriverFeatures = 0x020, DriverFeaturesSelect = 0x024;
        public const int QueueSelect = 0x030, QueueSizeMax = 0x034, QueueSize = 0x038, QueueReady = 0x044, QueueNotify = 0x050;
        public const int InterruptStatus = 0x060, InterruptAcknowledge = 0x064, Status = 0x070;
        public const int QueueDescriptorLow = 0x080, QueueDescriptorHigh = 0x084, QueueDriverLow = 0x090, QueueDriverHigh = 0x094;
        public const int QueueDeviceLow = 0x0a0, QueueDeviceHigh = 0x0a4;
        public const int SharedMemoryLengthLow = 0x0b0, SharedMemoryLengthHigh = 0x0b4, SharedMemoryBaseLow = 0x0b8, SharedMemoryBaseHigh = 0x0bc;
        public const int ConfigurationGeneration = 0x0fc;
    }
}
