using System.Runtime.InteropServices;

namespace Dbt.Runtime.Machine.Sharing;

/// <summary>struct statx (include/uapi/linux/stat.h).</summary>
[StructLayout(LayoutKind.Sequential, Size = 256)]
internal struct HostStatus
{
    public const uint TypeMask = 0xf000, Directory = 0x4000, Regular = 0x8000, Link = 0xa000, Fifo = 0x1000, Socket = 0xc000;

    public uint Mask, BlockSize;
    public ulong Attributes;
    public uint Links, User, Group;
    public ushort Mode, Reserved;
    public ulong Inode, Size, Blocks, AttributesMask;
    public Time Access, Birth, Change, Modification;
    public uint DeviceFileMajor, DeviceFileMinor, DeviceMajor, DeviceMinor;

    public readonly FileIdentity Identity =>
        new(FileIdentity.TypeOf(Mode), (uint)(Modification.Seconds * 1_000_000_007 + Modification.Nanoseconds) ^ (uint)Size, Inode);

    [StructLayout(LayoutKind.Sequential)]
    public struct Time
    {
        public long Seconds;
        public uint Nanoseconds, Reserved;
    }
}
