using Dbt.Runtime.Linux.Processes;
using Dbt.Runtime.Linux.Syscalls;
using Dbt.Runtime.Linux.Tests.Fakes;

namespace Dbt.Runtime.Linux.Tests.Syscalls;

public class ProcessCallTests
{
    private static ulong Own => (ulong)Environment.ProcessId;

    [Theory]
    [InlineData(0UL, 0)]
    [InlineData(3UL, 3)]
    [InlineData(256UL + 7, 7)]
    [InlineData(ulong.MaxValue, 255)]
    public void TheExitCodeHasEightBits(ulong code, int expected)
    {
        using var guest = new Guest();
        guest.Call(SyscallNumber.exit_group, code);
        Assert.Equal(expected, guest.Process.End?.ExitCode);
        guest.Call(SyscallNumber.exit_group, 99);
        Assert.Equal(expected, guest.Process.End?.ExitCode);
    }

    [Theory]
    [InlineData(6, 134)]
    [InlineData(15, 143)]
    [InlineData(9, 137)]
    public void AFatalSignalToItselfEndsTheGuest(int signal, int expected)
    {
        using var guest = new Guest();
        Assert.Equal(0, guest.Call(SyscallNumber.tgkill, Own, Own, (ulong)signal));
        Assert.Equal((expected, (Signal)signal), (guest.Process.End!.ExitCode, guest.Process.End.Signal));
    }

    [Fact]
    public void BlockedIgnoredAndHarmlessSignalsDoNot()
    {
        using var guest = new Guest();
        Assert.Equal(0, guest.Call(SyscallNumber.kill, Own, 0));
        Assert.Equal(0, guest.Call(SyscallNumber.kill, Own, (ulong)Signal.SIGCHLD));
        Assert.Equal(0, guest.Call(SyscallNumber.rt_sigaction, (ulong)Signal.SIGTERM, guest.Words(SignalAction.Ignore, 0, 0), 0, 8));
        Assert.Equal(0, guest.Call(SyscallNumber.kill, Own, (ulong)Signal.SIGTERM));
        Assert.Equal(0, guest.Call(SyscallNumber.rt_sigprocmask, 0, guest.Words(SignalTable.Bit(Signal.SIGINT)), 0, 8));
        Assert.Equal(0, guest.Call(SyscallNumber.kill, Own, (ulong)Signal.SIGINT));
        Assert.Null(guest.Process.End);
        Assert.Equal(-Errno.EINVAL, guest.Call(SyscallNumber.kill, Own, 65));
        Assert.Equal(-Errno.ESRCH, guest.Call(SyscallNumber.tgkill, Own, 1, 0));
    }

    [Fact]
    public void ActionsMasksAndStacksAreGivenBack()
    {
        using var guest = new Guest();
        Assert.Equal(0, guest.Call(SyscallNumber.rt_sigaction, 10, guest.Words(0x1234, 4, 0xff), 0, 8));
        Assert.Equal(0, guest.Call(SyscallNumber.rt_sigaction, 10, 0, Guest.Data, 8));
        Assert.Equal((0x1234UL, 4UL, 0xffUL), (guest.Read<ulong>(Guest.Data), guest.Read<ulong>(Guest.Data + 8), guest.Read<ulong>(Guest.Data + 16)));
        Assert.Equal(-Errno.EINVAL, guest.Call(SyscallNumber.rt_sigaction, 9, guest.Words(0, 0, 0), 0, 8));
        Assert.Equal(-Errno.EINVAL, guest.Call(SyscallNumber.rt_sigaction, 65, 0, 0, 8));
        Assert.Equal(-Errno.EINVAL, guest.Call(SyscallNumber.rt_sigaction, 10, 0, 0, 4));

        Assert.Equal(0, guest.Call(SyscallNumber.rt_sigprocmask, 2, guest.Words(ulong.MaxValue), 0, 8));
        Assert.Equal(0, guest.Call(SyscallNumber.rt_sigprocmask, 1, guest.Words(1), Guest.Data, 8));
        Assert.Equal(~(SignalTable.Bit(Signal.SIGKILL) | SignalTable.Bit(Signal.SIGSTOP)), guest.Read<ulong>(Guest.Data));

        Assert.Equal(0, guest.Call(SyscallNumber.sigaltstack, guest.Words(0x5000, 0, 8192), Guest.Data));
        Assert.Equal(SignalStack.Disabled, guest.Read<SignalStack>(Guest.Data).Flags);
        Assert.Equal(0, guest.Call(SyscallNumber.sigaltstack, 0, Guest.Data));
        Assert.Equal(new SignalStack(0x5000, 0, 8192), guest.Read<SignalStack>(Guest.Data));
        Assert.Equal(-Errno.ENOMEM, guest.Call(SyscallNumber.sigaltstack, guest.Words(0x5000, 0, 100)));
    }

    [Fact]
    public void AWriteThatNobodyReadsIsSigpipe()
    {
        using var guest = new Guest();
        Assert.Equal(0, guest.Call(SyscallNumber.pipe2, Guest.Data));
        Assert.Equal(0, guest.Call(SyscallNumber.close, guest.Read<uint>(Guest.Data)));
        Assert.Equal(-Errno.EPIPE, guest.Call(SyscallNumber.write, guest.Read<uint>(Guest.Data + 4), Guest.Data, 1));
        Assert.Equal(141, guest.Process.End?.ExitCode);
    }

    [Fact]
    public void WhatIsNotImplementedSaysSo()
    {
        using var guest = new Guest();
        foreach (var call in (SyscallNumber[])[SyscallNumber.clone, SyscallNumber.execve, SyscallNumber.socket, SyscallNumber.rseq, (SyscallNumber)9999, (SyscallNumber)(-1)])
            Assert.Equal(-Errno.ENOSYS, guest.Call(call));
        Assert.Equal(-Errno.ECHILD, guest.Call(SyscallNumber.wait4, ulong.MaxValue));
    }

    [Fact]
    public void AFutexThatHasChangedIsNotWaitedFor()
    {
        using var guest = new Guest();
        Assert.Equal(-Errno.EAGAIN, guest.Call(SyscallNumber.futex, Guest.Data, 128, 1));
        Assert.Equal(-Errno.ETIMEDOUT, guest.Call(SyscallNumber.futex, Guest.Data, 128, 0, guest.Words(0, 1)));
        Assert.Equal(0, guest.Call(SyscallNumber.futex, Guest.Data, 129, 1));
    }
}
