using Dbt.Runtime.Linux.FileSystem;
using Dbt.Runtime.Linux.Host;
using Dbt.Runtime.Linux.Processes;

namespace Dbt.Runtime.Linux.Syscalls;

/// <summary>Asking and changing what is known of files: status, access, owners, times, extended attributes.</summary>
internal static unsafe class FileStatus
{
    private const int StatfsSize = 120, TimesSize = 32;

    /// <summary>fstat: (file, stat*).</summary>
    public static long FStat(GuestThread thread, in SyscallArguments a)
    {
        var host = thread.Files.Host((int)a.A);
        return host < 0 ? -Errno.EBADF : StoreStatus(thread, new ResolvedPath(host, [0]), OpenFlags.AtEmptyPath, a.B);
    }

    /// <summary>newfstatat: (directory, path, stat*, flags).</summary>
    public static long FStatAt(GuestThread thread, in SyscallArguments a)
    {
        var error = ResolveAt(thread, a.A, a.B, a.D, out var path);
        return error != 0 ? error : StoreStatus(thread, path, (long)a.D, a.C);
    }

    /// <summary>statx: (directory, path, flags, mask, statx*). The structure is the same everywhere.</summary>
    public static long Statx(GuestThread thread, in SyscallArguments a)
    {
        var error = ResolveAt(thread, a.A, a.B, a.C, out var path);
        if (error != 0)
            return error;
        if (!thread.TryBuffer(a.E, (ulong)sizeof(HostStatx), out var buffer))
            return -Errno.EFAULT;
        fixed (byte* text = path.Path)
            return HostKernel.Call(SyscallNumber.statx, path.Directory, (long)text, (long)a.C, (long)a.D, buffer);
    }

    /// <summary>statfs: (path, statfs*).</summary>
    public static long StatFs(GuestThread thread, in SyscallArguments a)
    {
        if (!thread.TryBuffer(a.B, StatfsSize, out var buffer))
            return -Errno.EFAULT;
        var error = thread.Resolve(AtCurrent, a.A, follow: true, out var path);
        if (error != 0)
            return error;
        fixed (byte* text = path.Path)
            return HostKernel.Call(SyscallNumber.statfs, (long)text, buffer);
    }

    /// <summary>fstatfs: (file, statfs*).</summary>
    public static long FStatFs(GuestThread thread, in SyscallArguments a) =>
        thread.Files.Host((int)a.A) < 0 ? -Errno.EBADF
        : thread.TryBuffer(a.B, StatfsSize, out var buffer) ? thread.CallWithFile(SyscallNumber.fstatfs, a.A, buffer)
        : -Errno.EFAULT;

    /// <summary>readlinkat: (directory, path, buffer, length).</summary>
    public static long ReadLinkAt(GuestThread thread, in SyscallArguments a)
    {
        var error = thread.ReadPath(a.B, out var text);
        if (error != 0)
            return error;
        if ((int)a.D <= 0)
            return -Errno.EINVAL;
        var own = thread.Process.Paths.OwnLink(text);
        if (!own.IsEmpty)
        {
            var length = Math.Min(own.Length, (int)a.D);
            return thread.Memory.TryWrite(a.C, own[..length]) ? length : -Errno.EFAULT;
        }
        error = thread.Process.Paths.Resolve((int)a.A, text, follow: false, out var path);
        if (error != 0)
            return error;
        if (!thread.TryBuffer(a.C, a.D, out var buffer))
            return -Errno.EFAULT;
        fixed (byte* pointer = path.Path)
            return HostKernel.Call(SyscallNumber.readlinkat, path.Directory, (long)pointer, buffer, (long)a.D);
    }

    /// <summary>faccessat: (directory, path, mode), and faccessat2 with flags behind them.</summary>
    public static long AccessAt(GuestThread thread, SyscallNumber number, in SyscallArguments a)
    {
        var flags = number == SyscallNumber.faccessat2 ? a.D : 0;
        var error = ResolveAt(thread, a.A, a.B, flags, out var path);
        if (error != 0)
            return error;
        fixed (byte* text = path.Path)
            return HostKernel.Call(number, path.Directory, (long)text, (long)a.C, (long)flags);
    }

    /// <summary>truncate: (path, length).</summary>
    public static long Truncate(GuestThread thread, in SyscallArguments a)
    {
        var error = thread.Resolve(AtCurrent, a.A, follow: true, out var path);
        if (error != 0)
            return error;
        fixed (byte* text = path.Path)
            return HostKernel.Call(SyscallNumber.truncate, (long)text, (long)a.B);
    }

    /// <summary>fchownat: (directory, path, user, group, flags).</summary>
    public static long ChangeOwnerAt(GuestThread thread, in SyscallArguments a)
    {
        var error = ResolveAt(thread, a.A, a.B, a.E, out var path);
        if (error != 0)
            return error;
        fixed (byte* text = path.Path)
            return HostKernel.Call(SyscallNumber.fchownat, path.Directory, (long)text, (int)a.C, (int)a.D, (long)a.E);
    }

    /// <summary>utimensat: (directory, path or null, times* or null, flags).</summary>
    public static long SetTimes(GuestThread thread, in SyscallArguments a)
    {
        if (!thread.TryOptionalBuffer(a.C, TimesSize, out var times))
            return -Errno.EFAULT;
        if (a.B == 0)
            return (int)a.A == OpenFlags.CurrentDirectory ? -Errno.EFAULT : thread.CallWithFile(SyscallNumber.utimensat, a.A, 0, times, (long)a.D);
        var error = ResolveAt(thread, a.A, a.B, a.D, out var path);
        if (error != 0)
            return error;
        fixed (byte* text = path.Path)
            return HostKernel.Call(SyscallNumber.utimensat, path.Directory, (long)text, times, (long)a.D);
    }

    /// <summary>The twelve calls on extended attributes: (path or file, name, value*, size, flags), where lists have no name.</summary>
    public static long Attributes(GuestThread thread, SyscallNumber number, in SyscallArguments a)
    {
        var isList = number is SyscallNumber.listxattr or SyscallNumber.llistxattr or SyscallNumber.flistxattr;
        var isRemoval = number is SyscallNumber.removexattr or SyscallNumber.lremovexattr or SyscallNumber.fremovexattr;
        byte[] name = [];
        // XATTR_NAME_MAX is 255.
        if (!isList && !thread.Memory.TryReadCString(a.B, 256, out name))
            return -Errno.EFAULT;
        if (!isList && name.Length is 0 or 256)
            return -Errno.ERANGE;
        ulong value = isList ? a.B : a.C, size = isList ? a.C : a.D;
        long buffer = 0;
        if (!isRemoval && size != 0 && !thread.TryBuffer(value, size, out buffer))
            return -Errno.EFAULT;
        byte[] path = [];
        long subject = 0;
        if (number is SyscallNumber.fsetxattr or SyscallNumber.fgetxattr or SyscallNumber.flistxattr or SyscallNumber.fremovexattr)
        {
            subject = thread.Files.Host((int)a.A);
            if (subject < 0)
                return -Errno.EBADF;
        }
        else
        {
            var follow = number is SyscallNumber.setxattr or SyscallNumber.getxattr or SyscallNumber.listxattr or SyscallNumber.removexattr;
            var error = thread.Resolve(AtCurrent, a.A, follow, out var resolved);
            if (error != 0)
                return error;
            path = resolved.Path;
        }
        fixed (byte* pathText = path)
        fixed (byte* nameText = PathResolver.Terminated(name))
        {
            if (path.Length > 0)
                subject = (long)pathText;
            return isList
                ? HostKernel.Call(number, subject, buffer, (long)size)
                : HostKernel.Call(number, subject, (long)nameText, buffer, (long)size, (long)a.E);
        }
    }

    private const ulong AtCurrent = unchecked((ulong)OpenFlags.CurrentDirectory);

    // A path under the flags AT_SYMLINK_NOFOLLOW and AT_EMPTY_PATH; with the latter a null pointer is an empty path (Linux 6.11).
    private static long ResolveAt(GuestThread thread, ulong directory, ulong address, ulong flags, out ResolvedPath path) =>
        address == 0 && (flags & OpenFlags.AtEmptyPath) != 0
            ? thread.Process.Paths.Resolve((int)directory, [], follow: true, out path)
            : thread.Resolve(directory, address, (flags & OpenFlags.AtNoFollow) == 0, out path);

    private static long StoreStatus(GuestThread thread, ResolvedPath path, long flags, ulong address)
    {
        HostStatx host;
        long result;
        fixed (byte* text = path.Path)
            result = HostKernel.Call(SyscallNumber.statx, path.Directory, (long)text, flags, HostStatx.BasicMask, (long)&host);
        return result != 0 ? result : thread.Store(address, new GenericStat(host));
    }
}
