using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Dbt.Runtime.Linux.Syscalls;

namespace Dbt.Runtime.Linux.Host;

/// <summary>The host's struct epoll_event, which x86-64 alone packs into 12 bytes.</summary>
internal unsafe struct HostEpollEvent
{
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    /// <summary>The structure; the first <see cref="Size"/> bytes count.</summary>
    public fixed byte Bytes[16];

    /// <summary>Bytes from one event to the next.</summary>
    public static int Size => DataOffset + sizeof(ulong);

    /// <summary>Converts a guest's event.</summary>
    public static HostEpollEvent From(GuestEpollEvent guest)
    {
        HostEpollEvent host;
        Unsafe.WriteUnaligned(host.Bytes, guest.Events);
        Unsafe.WriteUnaligned(host.Bytes + DataOffset, guest.Data);
        return host;
    }

    /// <summary>Converts one of the host's events.</summary>
    public static GuestEpollEvent ToGuest(byte* host) =>
        new(Unsafe.ReadUnaligned<uint>(host), Unsafe.ReadUnaligned<ulong>(host + DataOffset));
}
