using Dbt.Runtime.Linux.FileSystem;
using Dbt.Runtime.Linux.Host;
using Dbt.Runtime.Linux.Processes;

namespace Dbt.Runtime.Linux.Syscalls;

/// <summary>Listing directories, and making, moving and removing their entries.</summary>
internal static unsafe class Directories
{
    /// <summary>getdents64: (file, buffer, length). The records are the same everywhere.</summary>
    public static long List(GuestThread thread, in SyscallArguments a)
    {
        // The length is an unsigned int.
        var length = (uint)a.C;
        return thread.Files.Host((int)a.A) < 0 ? -Errno.EBADF
            : thread.TryBuffer(a.B, length, out var buffer) ? thread.CallWithFile(SyscallNumber.getdents64, a.A, buffer, length)
            : -Errno.EFAULT;
    }

    /// <summary>getcwd: (buffer, size). Returns the length with its NUL, unlike libc.</summary>
    public static long Current(GuestThread thread, in SyscallArguments a)
    {
        var buffer = stackalloc byte[PathResolver.MaximumLength];
        var length = HostKernel.Call(SyscallNumber.getcwd, (long)buffer, PathResolver.MaximumLength);
        if (length <= 0)
            return length;
        var path = PathResolver.Terminated(thread.Process.Paths.GuestPath(new ReadOnlySpan<byte>(buffer, (int)length - 1)));
        return (ulong)path.Length > a.B ? -Errno.ERANGE : thread.Memory.TryWrite(a.A, path) ? path.Length : -Errno.EFAULT;
    }

    /// <summary>chdir: (path).</summary>
    public static long Change(GuestThread thread, in SyscallArguments a)
    {
        var error = thread.ReadPath(a.A, out var text);
        if (error == 0)
            error = thread.Process.Paths.ResolveWorkingDirectory(text, out var path) is not 0 and var second ? second : Call(path);
        return error;

        static long Call(ResolvedPath path)
        {
            fixed (byte* text = path.Path)
                return HostKernel.Call(SyscallNumber.chdir, (long)text);
        }
    }

    /// <summary>linkat and renameat(2): (old directory, old path, new directory, new path, flags).</summary>
    public static long Between(GuestThread thread, SyscallNumber number, in SyscallArguments a)
    {
        var follow = number == SyscallNumber.linkat && (a.E & OpenFlags.AtFollow) != 0;
        var error = thread.Resolve(a.A, a.B, follow, out var source);
        if (error == 0)
            error = thread.Resolve(a.C, a.D, follow: false, out var target) is not 0 and var second ? second : Call(number, source, target, (long)a.E);
        return error;
    }

    /// <summary>symlinkat: (target, directory, path). The target is text, and stays as it is.</summary>
    public static long SymbolicLink(GuestThread thread, in SyscallArguments a)
    {
        var error = thread.ReadPath(a.A, out var target);
        if (error == 0)
            error = thread.Resolve(a.B, a.C, follow: false, out var path) is not 0 and var second ? second : Call(target, path);
        return error;

        static long Call(byte[] target, ResolvedPath path)
        {
            fixed (byte* targetText = PathResolver.Terminated(target))
            fixed (byte* pathText = path.Path)
                return HostKernel.Call(SyscallNumber.symlinkat, (long)targetText, path.Directory, (long)pathText);
        }
    }

    private static long Call(SyscallNumber number, ResolvedPath source, ResolvedPath target, long flags)
    {
        // renameat has no flags: whatever stands in that register must not become some.
        if (number == SyscallNumber.renameat)
            (number, flags) = (SyscallNumber.renameat2, 0);
        fixed (byte* sourceText = source.Path)
        fixed (byte* targetText = target.Path)
            return HostKernel.Call(number, source.Directory, (long)sourceText, target.Directory, (long)targetText, flags);
    }
}
