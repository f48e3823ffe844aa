using System.Buffers.Binary;
using System.Text;
using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Sharing;

namespace Dbt.Runtime.Machine.Virtio;

/// <summary>A directory of the host, by the 9P protocol (virtio 1.2, section 5.9, and the kernel's Documentation/filesystems/9p.rst).</summary>
internal sealed class SharedFolderDevice : ThreadedDevice
{
    private const ulong MountTag = 1 << 0;

    private readonly FolderServer _server;
    private readonly byte[] _configuration;
    private readonly byte[] _request = new byte[FolderServer.LargestMessage], _reply = new byte[FolderServer.LargestMessage];

    /// <summary>A shared directory.</summary>
    /// <param name="memory">RAM.</param>
    /// <param name="server">Who serves it; owned.</param>
    /// <param name="tag">The name that the guest mounts it by.</param>
    public SharedFolderDevice(PhysicalMemory memory, FolderServer server, string tag)
        : base(memory, queueSize: 128, "virtio-9p", threads: 1)
    {
        _server = server;
        var name = Encoding.UTF8.GetBytes(tag);
        _configuration = new byte[sizeof(ushort) + name.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(_configuration, (ushort)name.Length);
        name.CopyTo(_configuration, sizeof(ushort));
    }

    /// <inheritdoc/>
    public override uint Type => 9;

    /// <inheritdoc/>
    protected override ulong TypeFeatures => MountTag;

    /// <inheritdoc/>
    protected override ReadOnlySpan<byte> Configuration => _configuration;

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _server.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnReset() => _server.Reset();

    /// <inheritdoc/>
    protected override long Execute(DescriptorChain chain, int thread)
    {
        var request = _request.AsSpan(0, chain.Read(_request));
        var length = _server.Serve(request, _reply.AsSpan(0, (int)Math.Min(_reply.Length, chain.WritableLength)));
        return length == 0 ? -1 : chain.Write(_reply.AsSpan(0, length));
    }
}
