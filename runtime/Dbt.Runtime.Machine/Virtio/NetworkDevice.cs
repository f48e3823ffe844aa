using System.Runtime.InteropServices;
using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Net;

namespace Dbt.Runtime.Machine.Virtio;

/// <summary>
/// A network card (virtio 1.2, section 5.1). Its queues are worked on by the network's thread. Checksums and segmentation are left to the
/// other side where both can: between guest and network nothing gets lost or damaged.
/// </summary>
internal sealed class NetworkDevice : VirtioDevice, INetworkPort
{
    private const int ReceiveQueue = 0, TransmitQueue = 1, QueueSize = 256;

    private const ulong Checksum = 1 << 0, GuestChecksum = 1 << 1, Mac = 1 << 5, GuestTso4 = 1 << 7, HostTso4 = 1 << 11, MergeableBuffers = 1 << 15, LinkStatus = 1 << 16;
    private const byte NeedsChecksum = 1, SegmentTcp4 = 1;

    // A large segment in buffers of a page or less.
    private const int MostBuffers = 64;

    private readonly INetwork _network;
    private readonly DescriptorChain _transmit;
    private readonly DescriptorChain[] _receive = new DescriptorChain[MostBuffers];
    private readonly byte[] _configuration = [0x52, 0x54, 0x00, 0x12, 0x34, 0x56, 1, 0]; // the hardware address; the link is up

    /// <summary>A card that is plugged into a network, which it owns.</summary>
    public NetworkDevice(PhysicalMemory memory, INetwork network)
        : base(memory, queues: 2, QueueSize)
    {
        _network = network;
        _transmit = new DescriptorChain(memory);
        foreach (ref var chain in _receive.AsSpan())
            chain = new DescriptorChain(memory);
        network.Attach(this);
    }

    /// <inheritdoc/>
    public override uint Type => 1;

    /// <inheritdoc/>
    public bool TakesPartialChecksums => (Features & GuestChecksum) != 0;

    /// <inheritdoc/>
    public bool TakesLargeSegments => (Features & (GuestTso4 | MergeableBuffers)) == (GuestTso4 | MergeableBuffers);

    /// <inheritdoc/>
    protected override ulong TypeFeatures => Checksum | GuestChecksum | Mac | GuestTso4 | HostTso4 | MergeableBuffers | LinkStatus;

    /// <inheritdoc/>
    protected override ReadOnlySpan<byte> Configuration => _configuration;

    /// <inheritdoc/>
    public override void Dispose() => _network.Dispose();

    /// <inheritdoc/>
    public int Transmit(Span<byte> frame)
    {
        lock (Sync)
        {
            while (TryTake(TransmitQueue, _transmit))
            {
                if (!_transmit.TryRead(out Header _))
                {
                    Break();
                    return 0;
                }
                // What does not fit is no frame.
                var length = _transmit.ReadableLength - _transmit.ReadLength <= frame.Length ? _transmit.Read(frame) : 0;
                Queues[TransmitQueue].Push(_transmit.Head, 0);
                if (length > 0)
                    return length;
            }
            SignalUsed(TransmitQueue);
            return 0;
        }
    }

    /// <inheritdoc/>
    public unsafe bool TryReceive(ReadOnlySpan<byte> frame, in FrameOffload offload)
    {
        lock (Sync)
        {
            var buffers = TakeBuffers(sizeof(Header) + frame.Length, out var isDropped);
            if (buffers == 0)
                return isDropped;
            var header = new Header
            {
                Flags = offload.ChecksumStart > 0 ? NeedsChecksum : (byte)0,
                Segmentation = offload.SegmentSize > 0 ? SegmentTcp4 : (byte)0,
                HeaderLength = offload.HeaderLength,
                SegmentSize = offload.SegmentSize,
                ChecksumStart = offload.ChecksumStart,
                ChecksumOffset = offload.ChecksumOffset,
                Buffers = (ushort)buffers,
            };
            _receive[0].Write(MemoryMarshal.AsBytes(new ReadOnlySpan<Header>(in header)));
            foreach (var chain in _receive.AsSpan(0, buffers))
            {
                frame = frame[chain.Write(frame)..];
                Queues[ReceiveQueue].Fill(chain.Head, chain.WrittenLength);
            }
            // All at once: a driver that sees the first counts on the others.
            Queues[ReceiveQueue].Publish();
            SignalUsed(ReceiveQueue);
            return true;
        }
    }

    /// <inheritdoc/>
    protected override void OnStarted() => _network.Wake();

    /// <inheritdoc/>
    protected override void OnNotified(int queue) => _network.Wake();

    // As many buffers as a frame takes; none when there are not enough, or one too small.
    private int TakeBuffers(long length, out bool isDropped)
    {
        isDropped = false;
        var isMergeable = (Features & MergeableBuffers) != 0;
        for (var count = 0; ;)
        {
            if (!TryTake(ReceiveQueue, _receive[count]))
            {
                Queues[ReceiveQueue].Unpop(count);
                return 0;
            }
            var room = _receive[count++].WritableLength;
            // The header is not divided, as the buffers of all drivers are larger.
            if (room < (count == 1 ? Marshal.SizeOf<Header>() : 1))
            {
                Break();
                return 0;
            }
            length -= room;
            if (length <= 0)
                return count;
            if (!isMergeable || count == MostBuffers)
            {
                Queues[ReceiveQueue].Unpop(count);
                isDropped = true;
                return 0;
            }
        }
    }

    // struct virtio_net_hdr_v1.
    [StructLayout(LayoutKind.Sequential)]
    private struct Header
    {
        public byte Flags, Segmentation;
        public ushort HeaderLength, SegmentSize, ChecksumStart, ChecksumOffset, Buffers;
    }
}
