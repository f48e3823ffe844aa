using System.Runtime.InteropServices;
using Dbt.Runtime.Linux.Host;

namespace Dbt.Runtime.Linux.Syscalls;

/// <summary>struct stat of 64-bit asm-generic architectures (include/uapi/asm-generic/stat.h): 128 bytes, unlike x86-64's.</summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
internal readonly struct GenericStat
{
    public readonly ulong Device, Inode;
    public readonly uint Mode, Links, User, Group;
    public readonly ulong DeviceFile, Padding1;
    public readonly long Size;
    public readonly int BlockSize, Padding2;
    public readonly long Blocks;
    public readonly long AccessSeconds, AccessNanoseconds, ModificationSeconds, ModificationNanoseconds, ChangeSeconds, ChangeNanoseconds;

    /// <summary>Converts what the host's statx says.</summary>
    public GenericStat(in HostStatx host)
    {
        Device = Encode(host.DeviceMajor, host.DeviceMinor);
        Inode = host.Inode;
        Mode = host.Mode;
        Links = host.Links;
        User = host.User;
        Group = host.Group;
        DeviceFile = Encode(host.DeviceFileMajor, host.DeviceFileMinor);
        Size = (long)host.Size;
        BlockSize = (int)host.BlockSize;
        Blocks = (long)host.Blocks;
        AccessSeconds = host.Access.Seconds;
        AccessNanoseconds = host.Access.Nanoseconds;
        ModificationSeconds = host.Modification.Seconds;
        ModificationNanoseconds = host.Modification.Nanoseconds;
        ChangeSeconds = host.Change.Seconds;
        ChangeNanoseconds = host.Change.Nanoseconds;
    }

    // new_encode_dev of include/linux/kdev_t.h.
    private static ulong Encode(uint major, uint minor) => minor & 0xff | major << 8 | (minor & ~0xffu) << 12;
}
