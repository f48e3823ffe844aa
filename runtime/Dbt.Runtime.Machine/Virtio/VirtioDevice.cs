using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Snapshots;

namespace Dbt.Runtime.Machine.Virtio;

/// <summary>
/// A device without its transport: identity, features, configuration and queues (virtio 1.2, chapter 2). Its requests are served under
/// <see cref="Sync"/>, or on threads that <see cref="Quiesce"/> waits for.
/// </summary>
internal abstract class VirtioDevice : IDisposable
{
    private readonly Virtqueue[] _queues;
    private int _status;

    /// <summary>A device after reset.</summary>
    /// <param name="memory">RAM.</param>
    /// <param name="queues">How many queues it has.</param>
    /// <param name="queueSize">The most entries of each.</param>
    protected VirtioDevice(PhysicalMemory memory, int queues, int queueSize)
    {
        Memory = memory;
        _queues = new Virtqueue[queues];
        foreach (ref var queue in _queues.AsSpan())
            queue = new Virtqueue(memory, queueSize);
    }

    /// <summary>The device type (virtio 1.2, chapter 5).</summary>
    public abstract uint Type { get; }

    /// <summary>What the device offers.</summary>
    public ulong OfferedFeatures => TypeFeatures | VirtioFeatures.IndirectDescriptors | VirtioFeatures.EventIndex | VirtioFeatures.Version1;

    /// <summary>What the driver accepted.</summary>
    public ulong Features { get; private set; }

    /// <summary>How far the driver has got.</summary>
    public VirtioStatus Status => (VirtioStatus)Volatile.Read(ref _status);

    /// <summary>The queues.</summary>
    public IReadOnlyList<Virtqueue> Queues => _queues;

    /// <summary>How the device reaches its driver.</summary>
    public IVirtioTransport? Transport { get; set; }

    /// <summary>Counts changes of the configuration.</summary>
    public virtual uint ConfigurationGeneration => 0;

    /// <summary>The configuration space; it has no bytes where the device type has none.</summary>
    protected virtual ReadOnlySpan<byte> Configuration => default;

    /// <summary>Features of the type.</summary>
    protected abstract ulong TypeFeatures { get; }

    /// <summary>RAM.</summary>
    protected PhysicalMemory Memory { get; }

    /// <summary>Held while queues are worked on.</summary>
    protected object Sync { get; } = new();

    /// <summary>Whether the driver is to be served.</summary>
    protected bool IsRunning => (Status & (VirtioStatus.DriverOk | VirtioStatus.NeedsReset | VirtioStatus.Failed)) == VirtioStatus.DriverOk;

    /// <summary>The driver changes its status; 0 resets the device.</summary>
    public void WriteStatus(VirtioStatus status)
    {
        if (status == VirtioStatus.None)
        {
            Reset();
            return;
        }
        var old = Status;
        // Features are agreed on once; those that make no sense are refused by leaving the bit off.
        if ((status & VirtioStatus.FeaturesOk) != 0 && (old & VirtioStatus.FeaturesOk) == 0 && !AreAcceptable(Features))
            status &= ~VirtioStatus.FeaturesOk;
        if ((status & VirtioStatus.FeaturesOk) == 0)
            status &= ~VirtioStatus.DriverOk;
        // A thread of the device may find at this moment that it needs a reset.
        while (Interlocked.CompareExchange(ref _status, (int)(status | old & VirtioStatus.NeedsReset), (int)old) is var seen && seen != (int)old)
            old = (VirtioStatus)seen;
        if ((status & ~old & VirtioStatus.DriverOk) != 0)
            OnStarted();
    }

    /// <summary>32 bits of what the device offers.</summary>
    public uint OfferedWord(uint word) => word < 2 ? (uint)(OfferedFeatures >> (int)word * 32) : 0;

    /// <summary>The driver says 32 bits of what it accepts; too late once that is agreed on.</summary>
    public void WriteFeatures(uint word, uint value)
    {
        if (word > 1 || (Status & VirtioStatus.FeaturesOk) != 0)
            return;
        var shift = (int)word * 32;
        Features = Features & ~(0xffff_ffffUL << shift) | (ulong)value << shift;
    }

    /// <summary>The driver takes a queue into service.</summary>
    public void EnableQueue(int queue)
    {
        lock (Sync)
        {
            if ((Status & VirtioStatus.FeaturesOk) != 0 && _queues[queue].TryEnable(Features))
                return;
        }
        Break();
    }

    /// <summary>The driver takes a queue out of service.</summary>
    public void DisableQueue(int queue)
    {
        lock (Sync)
            _queues[queue].Disable();
        Quiesce();
    }

    /// <summary>The driver has put buffers into a queue.</summary>
    public void Notify(int queue)
    {
        if (IsRunning && queue < _queues.Length)
            OnNotified(queue);
    }

    /// <summary>Reads the configuration; bytes that it does not have are 0.</summary>
    public void ReadConfiguration(int offset, Span<byte> bytes)
    {
        bytes.Clear();
        var configuration = Configuration;
        if (offset < configuration.Length)
            configuration[offset..Math.Min(configuration.Length, offset + bytes.Length)].CopyTo(bytes);
    }

    /// <summary>Writes the configuration, where the type allows it.</summary>
    public virtual void WriteConfiguration(int offset, ReadOnlySpan<byte> bytes)
    {
    }

    /// <summary>Forgets the driver. Returns when no request is under way any more: the driver may give its memory another use.</summary>
    public void Reset()
    {
        Volatile.Write(ref _status, 0);
        Quiesce();
        lock (Sync)
        {
            foreach (var queue in _queues)
                queue.Reset();
            Features = 0;
            OnReset();
        }
    }

    /// <summary>Writes what every device has. Requests that are under way are completed before.</summary>
    public void Save(SnapshotWriter writer)
    {
        lock (Sync)
        {
            Quiesce();
            writer.Write((uint)Status);
            writer.Write(Features);
            foreach (var queue in _queues)
                queue.Save(writer);
        }
    }

    /// <summary>Takes it up; what waits in the queues is served.</summary>
    public void Load(SnapshotReader reader)
    {
        Reset();
        lock (Sync)
        {
            var status = (int)reader.ReadUInt32();
            Features = reader.ReadUInt64();
            foreach (var queue in _queues)
                queue.Load(reader, Features);
            Volatile.Write(ref _status, status & byte.MaxValue);
        }
        if (!IsRunning)
            return;
        OnStarted();
        for (var queue = 0; queue < _queues.Length; queue++)
            Notify(queue);
    }

    public virtual void Dispose()
    {
    }

    /// <summary>The driver is ready: what the host has for the guest can be delivered.</summary>
    protected virtual void OnStarted()
    {
    }

    /// <summary>There may be buffers in a queue. On a hart's thread: what may take long goes elsewhere.</summary>
    protected abstract void OnNotified(int queue);

    /// <summary>The device is reset; under <see cref="Sync"/>, with no request under way.</summary>
    protected virtual void OnReset()
    {
    }

    /// <summary>Waits until no request is under way outside of <see cref="Sync"/>.</summary>
    protected virtual void Quiesce()
    {
        lock (Sync)
        {
        }
    }

    /// <summary>The driver broke the rules: it is told so, and served no more until it resets the device.</summary>
    protected void Break()
    {
        var old = Interlocked.Or(ref _status, (int)VirtioStatus.NeedsReset);
        if ((old & (int)(VirtioStatus.DriverOk | VirtioStatus.NeedsReset)) == (int)VirtioStatus.DriverOk)
            Transport?.InterruptConfiguration();
    }

    /// <summary>Takes the next buffer of a queue, under <see cref="Sync"/>. When there is none, the driver is asked to notify of the next one.</summary>
    protected bool TryTake(int queue, DescriptorChain chain)
    {
        while (IsRunning)
        {
            switch (_queues[queue].TryPop(chain))
            {
                case PopResult.Popped:
                    _queues[queue].SuppressNotifications();
                    return true;
                case PopResult.Broken:
                    Break();
                    return false;
                default:
                    if (!_queues[queue].RequestNotifications())
                        return false;
                    break;
            }
        }
        return false;
    }

    /// <summary>Tells the driver of the buffers that were pushed, if it wants to know.</summary>
    protected void SignalUsed(int queue)
    {
        if (_queues[queue].TakeInterrupt())
            Transport?.InterruptQueue(queue);
    }

    private bool AreAcceptable(ulong features) => (features & ~OfferedFeatures) == 0 && (features & VirtioFeatures.Version1) != 0;
}
