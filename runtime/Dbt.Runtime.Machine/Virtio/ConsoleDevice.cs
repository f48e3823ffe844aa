using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Devices;

namespace Dbt.Runtime.Machine.Virtio;

/// <summary>A console (virtio 1.2, section 5.3) with one port and no more features than that.</summary>
internal sealed class ConsoleDevice : VirtioDevice
{
    private const int ReceiveQueue = 0, TransmitQueue = 1;

    // A hart waits while the console prints, but not for one buffer of gigabytes.
    private const int MostBytes = 1 << 20;

    private readonly IConsole _console;
    private readonly DescriptorChain _chain;
    private readonly byte[] _typed = new byte[1024], _printed = new byte[1024];
    private int _typedStart, _typedEnd;

    /// <summary>A console whose other end is the host's.</summary>
    public ConsoleDevice(PhysicalMemory memory, IConsole console)
        : base(memory, queues: 2, queueSize: 64)
    {
        _chain = new DescriptorChain(memory);
        _console = console;
        console.InputAvailable += Receive;
    }

    /// <inheritdoc/>
    public override uint Type => 3;

    /// <inheritdoc/>
    protected override ulong TypeFeatures => 0;

    /// <inheritdoc/>
    public override void Dispose() => _console.InputAvailable -= Receive;

    /// <inheritdoc/>
    protected override void OnStarted() => Receive();

    /// <inheritdoc/>
    protected override void OnNotified(int queue)
    {
        if (queue == ReceiveQueue)
            Receive();
        else
            Transmit();
    }

    private void Receive()
    {
        lock (Sync)
        {
            while (IsRunning && HasTyped() && TryTake(ReceiveQueue, _chain))
            {
                _typedStart += _chain.Write(_typed.AsSpan(_typedStart, _typedEnd - _typedStart));
                Queues[ReceiveQueue].Push(_chain.Head, _chain.WrittenLength);
            }
            SignalUsed(ReceiveQueue);
        }
    }

    private bool HasTyped()
    {
        if (_typedStart == _typedEnd)
            (_typedStart, _typedEnd) = (0, _console.Read(_typed));
        return _typedStart < _typedEnd;
    }

    private void Transmit()
    {
        lock (Sync)
        {
            while (TryTake(TransmitQueue, _chain))
            {
                while (_chain.ReadLength < MostBytes && _chain.Read(_printed) is > 0 and var length)
                    _console.Write(_printed.AsSpan(0, length));
                Queues[TransmitQueue].Push(_chain.Head, 0);
            }
            SignalUsed(TransmitQueue);
        }
    }
}
