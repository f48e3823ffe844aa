using System.Runtime.InteropServices;
using Dbt.Runtime.Linux.Host;
using Dbt.Runtime.Linux.Processes;
using Dbt.Runtime.Linux.Syscalls;
using Dbt.Runtime.Linux.Tests.Fakes;

namespace Dbt.Runtime.Linux.Tests.Syscalls;

/// <summary>Layouts, against what riscv64-linux-gnu-gcc prints for offsetof and sizeof.</summary>
public unsafe class StructureTests
{
    [Fact]
    public void TheLayoutOfStatIsAsmGenerics()
    {
        Assert.Equal(128, sizeof(GenericStat));
        (string Field, int Offset)[] expected =
        [
            ("Device", 0), ("Inode", 8), ("Mode", 16), ("Links", 20), ("User", 24), ("Group", 28), ("DeviceFile", 32), ("Size", 48),
            ("BlockSize", 56), ("Blocks", 64), ("AccessSeconds", 72), ("ModificationSeconds", 88), ("ChangeSeconds", 104),
        ];
        foreach (var (field, offset) in expected)
            Assert.Equal(offset, (int)Marshal.OffsetOf<GenericStat>(field));
        Assert.Equal(16, sizeof(GuestEpollEvent));
        Assert.Equal(8, (int)Marshal.OffsetOf<GuestEpollEvent>("<Data>k__BackingField"));
        Assert.Equal(24, sizeof(SignalStack));
        Assert.Equal(16, sizeof(Timespec));
        Assert.Equal(256, sizeof(HostStatx));
    }

    [Fact]
    public void StatTellsWhatTheHostKnows()
    {
        using var guest = new Guest();
        File.WriteAllText(guest.At("file"), "hello");
        File.SetLastWriteTimeUtc(guest.At("file"), DateTime.UnixEpoch.AddSeconds(1234567));
        Assert.Equal(0, guest.Call(SyscallNumber.fchmodat, Guest.CurrentDirectory, guest.Text(guest.At("file")), 0x108));
        var file = guest.Open(guest.At("file"), 0);
        Assert.Equal(0, guest.Call(SyscallNumber.fstat, file, Guest.Data));
        var status = guest.Read<GenericStat>(Guest.Data);
        Assert.Equal((5, 0x8108u, 1u, 1234567L), (status.Size, status.Mode, status.Links, status.ModificationSeconds));
        Assert.Equal(0, guest.Call(SyscallNumber.newfstatat, file, guest.Text(""), Guest.Data + 512, OpenFlags.AtEmptyPath));
        Assert.Equal(status.Inode, guest.Read<GenericStat>(Guest.Data + 512).Inode);
        Assert.Equal(0, guest.Call(SyscallNumber.newfstatat, file, 0, Guest.Data + 512, OpenFlags.AtEmptyPath));
        Assert.Equal(status.Inode, guest.Read<GenericStat>(Guest.Data + 512).Inode);
        // /dev/null is device 1:3 everywhere.
        Assert.Equal(0, guest.Call(SyscallNumber.newfstatat, Guest.CurrentDirectory, guest.Text("/dev/null"), Guest.Data));
        Assert.Equal(0x103UL, guest.Read<GenericStat>(Guest.Data).DeviceFile);
    }

    [Fact]
    public void EpollGivesBackTheGuestsData()
    {
        using var guest = new Guest();
        Assert.Equal(0, guest.Call(SyscallNumber.pipe2, Guest.Data));
        var (reader, writer) = (guest.Read<uint>(Guest.Data), guest.Read<uint>(Guest.Data + 4));
        var epoll = (ulong)guest.Call(SyscallNumber.epoll_create1);
        Assert.Equal(0, guest.Call(SyscallNumber.epoll_ctl, epoll, 1, reader, guest.Words(1, 0x1122334455667788)));
        Assert.Equal(0, guest.Call(SyscallNumber.epoll_pwait, epoll, Guest.Data, 10, 0));
        Assert.Equal(1, guest.Call(SyscallNumber.write, writer, Guest.Data, 1));
        Assert.Equal(1, guest.Call(SyscallNumber.epoll_pwait, epoll, Guest.Data, 10, 0));
        Assert.Equal(1u, guest.Read<uint>(Guest.Data));
        Assert.Equal(0x1122334455667788UL, guest.Read<ulong>(Guest.Data + 8));
    }

    [Fact]
    public void PollAndSelectUseTheGuestsNumbers()
    {
        using var guest = new Guest();
        // Numbers that differ from the host's.
        for (var i = 0; i < 3; i++)
            _ = guest.Open(guest.At("file"));
        Assert.Equal(0, guest.Call(SyscallNumber.pipe2, Guest.Data));
        var (reader, writer) = (guest.Read<int>(Guest.Data), guest.Read<int>(Guest.Data + 4));
        var none = guest.Words(0, 0);
        var polls = guest.Words((1UL << 32) | (uint)reader, (4UL << 32) | (uint)writer, (1UL << 32) | 99, (1UL << 32) | uint.MaxValue);
        Assert.Equal(2, guest.Call(SyscallNumber.ppoll, polls, 4, none));
        Assert.Equal([0, 4, 32, 0], Enumerable.Range(0, 4).Select(i => (int)guest.Read<short>(polls + 8 * (ulong)i + 6)));
        var (readers, writers) = (guest.Words(1UL << reader), guest.Words(1UL << writer));
        Assert.Equal(1, guest.Call(SyscallNumber.pselect6, 64, readers, writers, 0, none));
        Assert.Equal((0UL, 1UL << writer), (guest.Read<ulong>(readers), guest.Read<ulong>(writers)));
        Assert.Equal(-Errno.EBADF, guest.Call(SyscallNumber.pselect6, 64, guest.Words(1UL << 50), 0, 0, none));
    }

    [Fact]
    public void UnameNamesTheGuestsMachine()
    {
        using var guest = new Guest();
        Assert.Equal(0, guest.Call(SyscallNumber.uname, Guest.Data));
        Assert.True(guest.Memory.TryReadCString(Guest.Data + 4 * 65, 65, out var machine));
        Assert.Equal("riscv64"u8.ToArray(), machine);
        Assert.True(guest.Memory.TryReadCString(Guest.Data, 65, out var system));
        Assert.Equal("Linux"u8.ToArray(), system);
    }
}
