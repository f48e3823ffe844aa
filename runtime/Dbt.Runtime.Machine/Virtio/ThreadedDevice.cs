using Dbt.Runtime.Machine.Bus;

namespace Dbt.Runtime.Machine.Virtio;

/// <summary>
/// A device with one queue, whose requests are carried out by threads of its own: they may take their time. What takes none, is done at once
/// by the hart that asks: waking a thread costs more.
/// </summary>
internal abstract class ThreadedDevice : VirtioDevice
{
    // Requests that a hart carries out itself before the device's threads take over.
    private const int MostImmediate = 8;

    private readonly string _name;
    private readonly int _count;
    private readonly List<Thread> _threads = [];
    private readonly DescriptorChain _immediate;
    private int _underWay;
    private bool _stopping;

    /// <summary>A device after reset.</summary>
    /// <param name="memory">RAM.</param>
    /// <param name="queueSize">The most entries of the queue.</param>
    /// <param name="name">What its threads are called.</param>
    /// <param name="threads">How many there are: the most requests at once.</param>
    protected ThreadedDevice(PhysicalMemory memory, int queueSize, string name, int threads)
        : base(memory, queues: 1, queueSize)
    {
        _immediate = new DescriptorChain(memory);
        _name = name;
        _count = threads;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        lock (Sync)
        {
            _stopping = true;
            Monitor.PulseAll(Sync);
        }
        foreach (var thread in _threads)
            thread.Join();
    }

    /// <inheritdoc/>
    protected override void OnStarted()
    {
        lock (Sync)
        {
            while (!_stopping && _threads.Count < _count)
            {
                var index = _threads.Count;
                var thread = new Thread(() => Serve(index)) { IsBackground = true, Name = _name };
                _threads.Add(thread);
                thread.Start();
            }
        }
    }

    /// <inheritdoc/>
    protected override void OnNotified(int queue)
    {
        lock (Sync)
        {
            for (var i = 0; i < MostImmediate; i++)
            {
                if (!TryTake(queue, _immediate))
                {
                    SignalUsed(queue);
                    return;
                }
                if (!TryExecuteNow(_immediate, out var written))
                {
                    Queues[queue].Unpop(1);
                    break;
                }
                Queues[queue].Push(_immediate.Head, written);
            }
            SignalUsed(queue);
            Monitor.Pulse(Sync);
        }
    }

    /// <inheritdoc/>
    protected override void Quiesce()
    {
        lock (Sync)
        {
            while (_underWay > 0)
                Monitor.Wait(Sync);
        }
    }

    /// <summary>Carries out a request if that takes no time, on the hart's thread. It throws nothing.</summary>
    /// <param name="chain">The request.</param>
    /// <param name="written">Bytes that were written from the first one on.</param>
    /// <returns>False when it was not carried out: a thread of the device does.</returns>
    protected virtual bool TryExecuteNow(DescriptorChain chain, out long written)
    {
        written = 0;
        return false;
    }

    /// <summary>Carries out a request. It throws nothing.</summary>
    /// <param name="chain">The request.</param>
    /// <param name="thread">Which thread does, from 0 on.</param>
    /// <returns>Bytes that were written from the first one on; negative when the request breaks the rules.</returns>
    protected abstract long Execute(DescriptorChain chain, int thread);

    private void Serve(int thread)
    {
        var chain = new DescriptorChain(Memory);
        while (true)
        {
            lock (Sync)
            {
                while (_stopping || !TryTake(0, chain))
                {
                    if (_stopping)
                        return;
                    Monitor.Wait(Sync);
                }
                _underWay++;
                // Another thread may take what is behind this request.
                if (_count > 1)
                    Monitor.Pulse(Sync);
            }
            var written = Execute(chain, thread);
            lock (Sync)
            {
                if (written < 0)
                    Break();
                else
                    Queues[0].Push(chain.Head, written);
                SignalUsed(0);
                if (--_underWay == 0)
                    Monitor.PulseAll(Sync);
            }
        }
    }
}
