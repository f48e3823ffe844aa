using System.Runtime.InteropServices;
using Dbt.Runtime.Linux.Syscalls;

namespace Dbt.Runtime.Linux.Host;

/// <summary>
/// System calls of the host, with the kernel's own convention: a result, or a negative errno. Buffers of the guest are
/// passed as they lie in the host's address space: the host kernel checks their permissions and answers EFAULT by itself.
/// </summary>
internal static unsafe partial class HostKernel
{
    /// <summary>Makes a call. A host without it answers ENOSYS.</summary>
    public static long Call(SyscallNumber number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0)
    {
        var result = Invoke(HostNumbers.Of(number), a, b, c, d, e, f);
        return result == -1 ? -Marshal.GetLastPInvokeError() : result;
    }

    /// <summary>
    /// Makes a call that a signal would break off, until it completes: signals that reach the host process are the
    /// runtime's business, and the guest must not see them. Only for calls that take up where they stopped.
    /// </summary>
    public static long CallToTheEnd(SyscallNumber number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0)
    {
        long result;
        do
            result = Call(number, a, b, c, d, e, f);
        while (result == -Errno.EINTR);
        return result;
    }

    /// <summary>Closes a host descriptor.</summary>
    public static long Close(int descriptor) => Call(SyscallNumber.close, descriptor);

    /// <summary>Opens by a host path that ends in a NUL. Always close-on-exec.</summary>
    public static long Open(int directory, ReadOnlySpan<byte> path, int flags, uint mode = 0)
    {
        fixed (byte* text = path)
            return Call(SyscallNumber.openat, directory, (long)text, flags | OpenFlags.CloseOnExec, mode);
    }

    /// <summary>The text of a symbolic link, without a NUL; empty when it cannot be read.</summary>
    /// <param name="path">A host path that ends in a NUL.</param>
    public static byte[] ReadLink(ReadOnlySpan<byte> path)
    {
        Span<byte> text = stackalloc byte[4096];
        fixed (byte* source = path)
        fixed (byte* target = text)
        {
            var length = Call(SyscallNumber.readlinkat, OpenFlags.CurrentDirectory, (long)source, (long)target, text.Length);
            return length <= 0 ? [] : text[..(int)length].ToArray();
        }
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long Invoke(long number, long a, long b, long c, long d, long e, long f);
}
