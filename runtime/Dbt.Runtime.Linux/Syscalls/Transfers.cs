using Dbt.Runtime.Linux.Host;
using Dbt.Runtime.Linux.Processes;

namespace Dbt.Runtime.Linux.Syscalls;

/// <summary>Moving bytes in and out of files.</summary>
internal static unsafe class Transfers
{
    // UIO_MAXIOV
    private const ulong MaximumVectors = 1024;

    /// <summary>read, write, pread64, pwrite64: (file, buffer, length, offset).</summary>
    public static long Plain(GuestThread thread, SyscallNumber number, in SyscallArguments a) =>
        !thread.TryBuffer(a.B, a.C, out var buffer)
            ? thread.Files.Host((int)a.A) < 0 ? -Errno.EBADF : -Errno.EFAULT
            : SignalBrokenPipe(thread, thread.CallWithFile(number, a.A, buffer, (long)a.C, (long)a.D));

    /// <summary>readv, writev, preadv, pwritev and their second versions: (file, vectors, count, offset low, offset high, flags).</summary>
    public static long Vectored(GuestThread thread, SyscallNumber number, in SyscallArguments a)
    {
        if (thread.Files.Host((int)a.A) is < 0)
            return -Errno.EBADF;
        if (a.C > MaximumVectors)
            return -Errno.EINVAL;
        var count = (int)a.C;
        var vectors = stackalloc long[2 * count];
        if (!thread.Memory.TryRead(a.B, new Span<byte>(vectors, 2 * sizeof(long) * count)))
            return -Errno.EFAULT;
        for (var i = 0; i < count; i++)
        {
            if (vectors[2 * i + 1] < 0)
                return -Errno.EINVAL;
            if (!thread.TryBuffer((ulong)vectors[2 * i], (ulong)vectors[2 * i + 1], out vectors[2 * i]))
                return -Errno.EFAULT;
        }
        var result = HostKernel.CallToTheEnd(number, thread.Files.Host((int)a.A), (long)vectors, count, (long)a.D, (long)a.E, (long)a.F);
        return SignalBrokenPipe(thread, result);
    }

    /// <summary>sendfile: (out, in, offset*, count).</summary>
    public static long SendFile(GuestThread thread, in SyscallArguments a)
    {
        var source = thread.Files.Host((int)a.B);
        return source < 0 ? -Errno.EBADF
            : !thread.TryOptionalBuffer(a.C, sizeof(long), out var offset) ? -Errno.EFAULT
            : SignalBrokenPipe(thread, thread.CallWithFile(SyscallNumber.sendfile, a.A, source, offset, (long)a.D));
    }

    /// <summary>copy_file_range and splice: (in, in offset*, out, out offset*, length, flags).</summary>
    public static long Between(GuestThread thread, SyscallNumber number, in SyscallArguments a)
    {
        int source = thread.Files.Host((int)a.A), target = thread.Files.Host((int)a.C);
        if (source < 0 || target < 0)
            return -Errno.EBADF;
        if (!thread.TryOptionalBuffer(a.B, sizeof(long), out var sourceOffset) || !thread.TryOptionalBuffer(a.D, sizeof(long), out var targetOffset))
            return -Errno.EFAULT;
        return SignalBrokenPipe(thread, HostKernel.CallToTheEnd(number, source, sourceOffset, target, targetOffset, (long)a.E, (long)a.F));
    }

    // .NET ignores SIGPIPE, so the host's kernel only reports the error: the guest gets its signal from here.
    private static long SignalBrokenPipe(GuestThread thread, long result)
    {
        if (result == -Errno.EPIPE)
            thread.Signals.TrySend(SignalInfo.FromSelf(Signal.SIGPIPE, SignalCode.User));
        return result;
    }
}
