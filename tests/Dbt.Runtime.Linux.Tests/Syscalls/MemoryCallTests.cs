using Dbt.Runtime.Linux.Syscalls;
using Dbt.Runtime.Linux.Tests.Fakes;

namespace Dbt.Runtime.Linux.Tests.Syscalls;

public class MemoryCallTests
{
    private const ulong ReadWrite = 3, PrivateAnonymous = 0x22, Fixed = 0x10, FixedNoReplace = 0x100000;

    [Fact]
    public void BrkGrowsShrinksAndForgets()
    {
        using var guest = new Guest();
        const ulong start = 0x100000;
        Assert.Equal((long)start, guest.Call(SyscallNumber.brk, 0));
        Assert.Equal((long)start + 5000, guest.Call(SyscallNumber.brk, start + 5000));
        Assert.True(guest.Memory.TryWrite(start + 4500, 1));
        Assert.Equal((long)start + 4200, guest.Call(SyscallNumber.brk, start + 4200));
        Assert.Equal((long)start + 8192, guest.Call(SyscallNumber.brk, start + 8192));
        Assert.Equal(0, guest.Read<int>(start + 4500));
        Assert.False(guest.Memory.TryRead(start + 8192, out byte _));
        // Not over something else, not below the start, not beyond the window.
        Assert.Equal((long)start + 8192, guest.Call(SyscallNumber.brk, start - 1));
        Assert.Equal((long)start + 8192, guest.Call(SyscallNumber.brk, ulong.MaxValue));
        Assert.Equal((long)start + 0x4000, guest.Call(SyscallNumber.mmap, start + 0x4000, 4096, ReadWrite, PrivateAnonymous | Fixed));
        Assert.Equal((long)start + 8192, guest.Call(SyscallNumber.brk, start + 0x5000));
        Assert.Equal((long)start, guest.Call(SyscallNumber.brk, start));
        Assert.False(guest.Memory.TryRead(start, out byte _));
    }

    [Fact]
    public void MmapMapsFilesAndMemory()
    {
        using var guest = new Guest();
        File.WriteAllText(guest.At("file"), "contents");
        var file = guest.Open(guest.At("file"), 0);
        var mapped = guest.Call(SyscallNumber.mmap, 0, 100, 1, 2, file, 0);
        Assert.True(mapped > 0);
        Assert.Equal((byte)'c', guest.Read<byte>((ulong)mapped));
        Assert.False(guest.Memory.TryWrite((ulong)mapped, (byte)1));
        Assert.Equal(guest.At("file"), guest.Memory.Find((ulong)mapped)?.Name);
        Assert.Equal(0, guest.Call(SyscallNumber.mprotect, (ulong)mapped, 4096, ReadWrite));
        Assert.True(guest.Memory.TryWrite((ulong)mapped, (byte)1));
        Assert.Equal("contents", File.ReadAllText(guest.At("file")));
        Assert.Equal(0, guest.Call(SyscallNumber.munmap, (ulong)mapped, 4096));
        Assert.False(guest.Memory.TryRead((ulong)mapped, out byte _));
    }

    [Fact]
    public void MistakesAreReportedAsLinuxDoes()
    {
        using var guest = new Guest();
        var file = guest.Open(guest.At("file"));
        Assert.Equal(-Errno.EINVAL, guest.Call(SyscallNumber.mmap, 0, 0, ReadWrite, PrivateAnonymous));
        Assert.Equal(-Errno.EINVAL, guest.Call(SyscallNumber.mmap, 0, 4096, ReadWrite, 0x20));
        Assert.Equal(-Errno.EINVAL, guest.Call(SyscallNumber.mmap, 123, 4096, ReadWrite, PrivateAnonymous | Fixed));
        Assert.Equal(-Errno.EINVAL, guest.Call(SyscallNumber.mmap, 0, 4096, ReadWrite, 2, file, 100));
        Assert.Equal(-Errno.EBADF, guest.Call(SyscallNumber.mmap, 0, 4096, ReadWrite, 2, ulong.MaxValue));
        Assert.Equal(-Errno.EEXIST, guest.Call(SyscallNumber.mmap, Guest.Data, 4096, ReadWrite, PrivateAnonymous | FixedNoReplace));
        Assert.Equal(-Errno.ENOMEM, guest.Call(SyscallNumber.mmap, 0, Guest.WindowSize, ReadWrite, PrivateAnonymous));
        Assert.Equal(-Errno.ENOMEM, guest.Call(SyscallNumber.mprotect, Guest.Unmapped, 4096, 1));
        Assert.Equal(-Errno.EINVAL, guest.Call(SyscallNumber.munmap, Guest.Data + 1, 4096));
        Assert.Equal(-Errno.ENOMEM, guest.Call(SyscallNumber.madvise, Guest.Unmapped, 4096, 4));
        Assert.Equal(-Errno.EINVAL, guest.Call(SyscallNumber.madvise, Guest.Data, 4096, 77));
        Assert.Equal(-Errno.ENOMEM, guest.Call(SyscallNumber.mincore, Guest.Unmapped, 4096, Guest.Data));
        // A hint is not an order.
        Assert.True(guest.Call(SyscallNumber.mmap, 123, 4096, ReadWrite, PrivateAnonymous) > 0);
    }

    [Fact]
    public void ContentsAreDiscardedAndMoved()
    {
        using var guest = new Guest();
        Assert.True(guest.Memory.TryWrite(Guest.Data, 42));
        Assert.Equal(0, guest.Call(SyscallNumber.madvise, Guest.Data, 4096, 4));
        Assert.Equal(0, guest.Read<int>(Guest.Data));
        Assert.True(guest.Memory.TryWrite(Guest.Data, 43));
        Assert.Equal(-Errno.ENOMEM, guest.Call(SyscallNumber.mremap, Guest.Data, 4096, 8192, 0));
        var moved = guest.Call(SyscallNumber.mremap, Guest.Data, 4096, 8192, 1);
        Assert.True(moved > 0);
        Assert.Equal(43, guest.Read<int>((ulong)moved));
        Assert.False(guest.Memory.TryRead(Guest.Data, out byte _));
    }

    [Fact]
    public void FlushingTheInstructionCacheReachesTheEngine()
    {
        using var guest = new Guest();
        const int flush = 259;
        Assert.Equal(0, guest.Call((SyscallNumber)flush, Guest.Data, Guest.Data + 4, 0));
        Assert.Equal(-Errno.EINVAL, guest.Call((SyscallNumber)flush, Guest.Data, Guest.Data + 4, 2));
        Assert.Equal(1, guest.Flushes);
    }

    [Fact]
    public void HardwareProbesAnswerWhatIsKnown()
    {
        using var guest = new Guest();
        const int probe = 258;
        var pairs = guest.Words(3, 0, 4, 0, 9999, 7);
        Assert.Equal(0, guest.Call((SyscallNumber)probe, pairs, 3, 0, 0, 0));
        Assert.Equal(1UL, guest.Read<ulong>(pairs + 8));
        // D, C, Zba, Zicond
        Assert.Equal(1UL | 2 | 8 | 1UL << 35, guest.Read<ulong>(pairs + 24));
        Assert.Equal((-1L, 0L), (guest.Read<long>(pairs + 32), guest.Read<long>(pairs + 40)));
        Assert.Equal(-Errno.EFAULT, guest.Call((SyscallNumber)probe, Guest.ReadOnly, 1));
        Assert.Equal(-Errno.EINVAL, guest.Call((SyscallNumber)probe, pairs, 1, 0, 0, 1));
    }
}
