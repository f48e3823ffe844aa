using Dbt.Runtime.Linux.Syscalls;
using Dbt.Runtime.Linux.Tests.Fakes;
using Dbt.Runtime.Linux.Tracing;

namespace Dbt.Runtime.Linux.Tests.Tracing;

public sealed class SyscallTracerTests : IDisposable
{
    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void ArgumentsAndResultsAreDecoded()
    {
        var path = _guest.Text("/etc/pass\"wd\n");
        Check("openat(AT_FDCWD, \"/etc/pass\\\"wd\\n\", O_RDONLY|O_CREAT|O_CLOEXEC, 0644) = 3", SyscallNumber.openat, 3, Guest.CurrentDirectory, path, 0x80040, 0x1a4);
        Check("openat(3, 0x800000, O_RDONLY, 0) = -1 EFAULT (Bad address)", SyscallNumber.openat, -Errno.EFAULT, 3, Guest.Unmapped);
        Check("read(0, \"/etc\", 100) = 4", SyscallNumber.read, 4, 0, path, 100);
        Check("read(0, 0x800000, 100) = -1 EBADF (Bad file descriptor)", SyscallNumber.read, -Errno.EBADF, 0, Guest.Unmapped, 100);
        Check("write(1, \"/etc/\", 5) = 5", SyscallNumber.write, 5, 1, path, 5);
        Check("close(-1) = -1 EBADF (Bad file descriptor)", SyscallNumber.close, -Errno.EBADF, ulong.MaxValue);
        Check(
            "mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0x0) = 0x7000",
            SyscallNumber.mmap, 0x7000, 0, 4096, 3, 0x22, ulong.MaxValue);
        Check("lseek(3, -5, SEEK_END) = 95", SyscallNumber.lseek, 95, 3, unchecked((ulong)-5L), 2);
        Check("tgkill(1, 1, SIGABRT) = 0", SyscallNumber.tgkill, 0, 1, 1, 6);
        Check("exit_group(3) = ?", SyscallNumber.exit_group, 0, 3);
        Check("clock_nanosleep(CLOCK_MONOTONIC, 0x0, {1, 5}, NULL) = 0", SyscallNumber.clock_nanosleep, 0, 1, 0, _guest.Words(1, 5));
        Check($"writev(1, [{{\"/et\", 3}}], 1) = 3", SyscallNumber.writev, 3, 1, _guest.Words(path, 3), 1);
        Check("riscv_flush_icache(NULL, 0x10, 0x1) = 0", (SyscallNumber)259, 0, 0, 16, 1);
    }

    [Fact]
    public void UnknownCallsAreNamed()
    {
        Check("landlock_create_ruleset(0x1, 0x2, 0x0, 0x0, 0x0, 0x0) = -1 ENOSYS (Function not implemented)", SyscallNumber.landlock_create_ruleset, -Errno.ENOSYS, 1, 2);
        Check("syscall_9999(0x0, 0x0, 0x0, 0x0, 0x0, 0x0) = -1 ENOSYS (Function not implemented)", (SyscallNumber)9999, -Errno.ENOSYS);
    }

    [Fact]
    public void EverySignatureIsOfACall()
    {
        Assert.All(SyscallSignatures.Names, name => Assert.True(Enum.TryParse<SyscallNumber>(name, out _), name));
    }

    [Fact]
    public void EveryHandledCallHasASignature()
    {
        // What a call without a handler returns is ENOSYS; nothing else does for zeros, except a call that only the host lacks.
        foreach (var number in Enum.GetValues<SyscallNumber>())
        {
            if (number is SyscallNumber.sync or SyscallNumber.setsid or SyscallNumber.ppoll || SyscallSignatures.Find((int)number) is not null)
                continue;
            Assert.True(_guest.Call(number) == -Errno.ENOSYS, $"{number} has no signature");
        }
    }

    private void Check(string expected, SyscallNumber number, long result, ulong a = 0, ulong b = 0, ulong c = 0, ulong d = 0, ulong e = 0, ulong f = 0) =>
        Assert.Equal(expected, SyscallTracer.Format(_guest.Thread, (int)number, new SyscallArguments(a, b, c, d, e, f), result));
}
