using Dbt.Runtime.Linux.Host;
using Dbt.Runtime.Linux.Syscalls;
using Dbt.Runtime.Linux.Tests.Fakes;

namespace Dbt.Runtime.Linux.Tests.FileSystem;

public class FileTableTests
{
    [Fact]
    public void DescriptorsOfTheRuntimeAreOutOfReach()
    {
        using var guest = new Guest();
        using var own = File.OpenHandle(guest.At("own"), FileMode.Create, FileAccess.ReadWrite);
        var host = (ulong)own.DangerousGetHandle();
        Assert.Equal(-Errno.EBADF, guest.Call(SyscallNumber.read, host, Guest.Data, 1));
        Assert.Equal(-Errno.EBADF, guest.Call(SyscallNumber.dup, host));
        Assert.Equal(-Errno.EBADF, guest.Call(SyscallNumber.fcntl, host, 1));
        Assert.Equal(-Errno.EBADF, guest.Call(SyscallNumber.fstat, host, Guest.Data));
        Assert.Equal(-Errno.EBADF, guest.Call(SyscallNumber.mmap, 0, 4096, 1, 2, host));
        Assert.Equal(-Errno.EBADF, guest.Call(SyscallNumber.newfstatat, host, guest.Text("x"), Guest.Data));
        Assert.Equal(-Errno.EBADF, guest.Call(SyscallNumber.fchdir, host));
        Assert.Equal(-Errno.ENOENT, guest.Call(SyscallNumber.openat, Guest.CurrentDirectory, guest.Text($"/proc/self/fd/{host}")));
        for (var file = 0UL; file < 200; file++)
            Assert.Equal(-Errno.EBADF, guest.Call(SyscallNumber.close, file));
        Assert.Equal(0, guest.Call(SyscallNumber.close_range, 0, uint.MaxValue));
        Assert.Equal(0, RandomAccess.GetLength(own));
    }

    [Fact]
    public void MemoryOfTheRuntimeIsNoFile()
    {
        using var guest = new Guest();
        File.CreateSymbolicLink(guest.At("link"), "/proc/self/mem");
        foreach (var path in (string[])["/proc/self/mem", $"/proc/{Environment.ProcessId}/mem", "/proc//self/../thread-self/mem", guest.At("link")])
            foreach (var flags in (ulong[])[0, 2, OpenFlags.PathOnly])
                Assert.Equal(-Errno.EACCES, guest.Call(SyscallNumber.openat, Guest.CurrentDirectory, guest.Text(path), flags));
        var own = guest.Open("/proc/self", OpenFlags.Directory);
        Assert.Equal(-Errno.EACCES, guest.Call(SyscallNumber.openat, own, guest.Text("mem")));
        _ = guest.Open("/proc/self/status", 0);
    }

    [Fact]
    public void TheLowestFreeNumberIsGiven()
    {
        using var guest = new Guest();
        for (var i = 0UL; i < 5; i++)
            Assert.Equal(i, guest.Open(guest.At("file")));
        Assert.Equal(0, guest.Call(SyscallNumber.close, 1));
        Assert.Equal(0, guest.Call(SyscallNumber.close, 3));
        Assert.Equal(1, guest.Call(SyscallNumber.dup, 0));
        Assert.Equal(3, guest.Call(SyscallNumber.dup, 0));
        Assert.Equal(20, guest.Call(SyscallNumber.fcntl, 0, 0, 20));
        Assert.Equal(30, guest.Call(SyscallNumber.dup3, 0, 30, 0x80000));
        Assert.Equal(1, guest.Call(SyscallNumber.fcntl, 30, 1));
        Assert.Equal(0, guest.Call(SyscallNumber.fcntl, 20, 1));
        Assert.Equal(0, guest.Call(SyscallNumber.fcntl, 20, 2, 1));
        Assert.Equal(1, guest.Call(SyscallNumber.fcntl, 20, 1));
        Assert.Equal(-Errno.EINVAL, guest.Call(SyscallNumber.dup3, 0, 0));
    }

    [Fact]
    public void ADuplicateReplacesAnOpenFile()
    {
        using var guest = new Guest();
        var first = guest.Open(guest.At("first"));
        var second = guest.Open(guest.At("second"));
        Assert.Equal((long)second, guest.Call(SyscallNumber.dup3, first, second));
        Assert.Equal(2, guest.Call(SyscallNumber.write, second, guest.Text("hi"), 2));
        Assert.Equal("hi", File.ReadAllText(guest.At("first")));
        Assert.Equal("", File.ReadAllText(guest.At("second")));
    }

    [Fact]
    public void TheLimitIsTheGuests()
    {
        using var guest = new Guest();
        Assert.Equal(0, guest.Call(SyscallNumber.prlimit64, 0, 7, guest.Words(4, 8)));
        for (var i = 0UL; i < 4; i++)
            Assert.Equal(i, guest.Open(guest.At("file")));
        Assert.Equal(-Errno.EMFILE, guest.Call(SyscallNumber.openat, Guest.CurrentDirectory, guest.Text("/dev/null")));
        Assert.Equal(-Errno.EMFILE, guest.Call(SyscallNumber.pipe2, Guest.Data));
        Assert.Equal(-Errno.EBADF, guest.Call(SyscallNumber.dup3, 0, 4));
        Assert.Equal(-Errno.EINVAL, guest.Call(SyscallNumber.fcntl, 0, 0, 4));
        Assert.Equal(-Errno.EPERM, guest.Call(SyscallNumber.prlimit64, 0, 7, guest.Words(4, 9)));
        Assert.Equal(-Errno.EINVAL, guest.Call(SyscallNumber.prlimit64, 0, 7, guest.Words(9, 8)));
    }

    [Fact]
    public void HostDescriptorsAreClosedOnExecAndGivenBack()
    {
        using var guest = new Guest();
        var file = guest.Open(guest.At("file"));
        var host = guest.Process.Files.Host((int)file);
        Assert.Equal(1, HostKernel.Call(SyscallNumber.fcntl, host, 1));
        Assert.Equal(0, guest.Call(SyscallNumber.fcntl, file, 1));
        Assert.Equal(0, guest.Call(SyscallNumber.close, file));
        Assert.True(HostKernel.Call(SyscallNumber.fcntl, host, 1) < 0 || PathOf(host) != guest.At("file"));
    }

    private static string PathOf(int host) => System.Text.Encoding.UTF8.GetString(Dbt.Runtime.Linux.FileSystem.PathResolver.PathOf(host));
}
