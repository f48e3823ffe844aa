using System.Runtime.InteropServices;

namespace Dbt.Runtime.Linux.Host;

/// <summary>struct statx: 256 bytes, the same on every architecture (include/uapi/linux/stat.h).</summary>
[StructLayout(LayoutKind.Sequential, Size = 256)]
internal struct HostStatx
{
    /// <summary>STATX_BASIC_STATS.</summary>
    public const uint BasicMask = 0x7ff;

    public uint Mask, BlockSize;
    public ulong Attributes;
    public uint Links, User, Group;
    public ushort Mode, Reserved;
    public ulong Inode, Size, Blocks, AttributesMask;
    public Time Access, Birth, Change, Modification;
    public uint DeviceFileMajor, DeviceFileMinor, DeviceMajor, DeviceMinor;

    [StructLayout(LayoutKind.Sequential)]
    public struct Time
    {
        public long Seconds;
        public uint Nanoseconds, Reserved;
    }
}
