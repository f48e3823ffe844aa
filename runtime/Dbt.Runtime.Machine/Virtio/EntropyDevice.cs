using System.Security.Cryptography;
using Dbt.Runtime.Machine.Bus;

namespace Dbt.Runtime.Machine.Virtio;

/// <summary>A source of random bytes (virtio 1.2, section 5.4): the host's generator.</summary>
internal sealed class EntropyDevice(PhysicalMemory memory) : VirtioDevice(memory, queues: 1, queueSize: 8)
{
    // A buffer need not be filled: one of many gigabytes must not hold a hart.
    private const int MostBytes = 1 << 16;

    private readonly DescriptorChain _chain = new(memory);

    /// <inheritdoc/>
    public override uint Type => 4;

    /// <inheritdoc/>
    protected override ulong TypeFeatures => 0;

    /// <inheritdoc/>
    protected override void OnNotified(int queue)
    {
        lock (Sync)
        {
            while (TryTake(queue, _chain))
            {
                while (_chain.NextWritable(MostBytes - (int)_chain.WrittenLength) is { Length: > 0 } bytes)
                {
                    RandomNumberGenerator.Fill(bytes);
                    _chain.CommitWritten(bytes.Length);
                }
                Queues[queue].Push(_chain.Head, _chain.WrittenLength);
            }
            SignalUsed(queue);
        }
    }
}
