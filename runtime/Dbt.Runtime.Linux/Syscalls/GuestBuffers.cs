using Dbt.Runtime.Linux.FileSystem;
using Dbt.Runtime.Linux.Host;
using Dbt.Runtime.Linux.Processes;

namespace Dbt.Runtime.Linux.Syscalls;

/// <summary>
/// Arguments that point into guest memory. A buffer for the host kernel only has to lie in the guest's window: the
/// kernel checks the permissions page by page, as it would for the guest, and nothing else is ever mapped in the window.
/// </summary>
internal static unsafe class GuestBuffers
{
    /// <summary>The host address of a buffer, as an argument of a host call. False when it does not lie in the window.</summary>
    public static bool TryBuffer(this GuestThread thread, ulong address, ulong length, out long host)
    {
        var memory = thread.Memory;
        host = (long)(memory.Base + address);
        return address <= memory.Size && length <= memory.Size - address;
    }

    /// <summary>As <see cref="TryBuffer"/>, but a null pointer stays one.</summary>
    public static bool TryOptionalBuffer(this GuestThread thread, ulong address, ulong length, out long host)
    {
        if (address != 0)
            return thread.TryBuffer(address, length, out host);
        host = 0;
        return true;
    }

    /// <summary>Reads a path and finds it on the host. Returns 0 or a negative error.</summary>
    /// <param name="thread">The caller.</param>
    /// <param name="directory">Its directory descriptor for a relative path.</param>
    /// <param name="address">Where the path stands.</param>
    /// <param name="follow">Whether it wants the target of a symbolic link at the end.</param>
    /// <param name="path">The path on the host.</param>
    public static long Resolve(this GuestThread thread, ulong directory, ulong address, bool follow, out ResolvedPath path)
    {
        path = default;
        var error = thread.ReadPath(address, out var text);
        return error != 0 ? error : thread.Process.Paths.Resolve((int)directory, text, follow, out path);
    }

    /// <summary>Reads a path. Returns 0 or a negative error.</summary>
    public static long ReadPath(this GuestThread thread, ulong address, out byte[] text) =>
        !thread.Memory.TryReadCString(address, PathResolver.MaximumLength, out text) ? -Errno.EFAULT
        : text.Length >= PathResolver.MaximumLength ? -Errno.ENAMETOOLONG
        : 0;

    /// <summary>Makes a host call whose first two arguments are a directory and a path.</summary>
    public static long CallWithPath(
        this GuestThread thread, SyscallNumber number, ulong directory, ulong address, bool follow, long c = 0, long d = 0, long e = 0)
    {
        var error = thread.Resolve(directory, address, follow, out var path);
        if (error != 0)
            return error;
        fixed (byte* text = path.Path)
            return HostKernel.Call(number, path.Directory, (long)text, c, d, e);
    }

    /// <summary>Makes a host call whose first argument is a descriptor.</summary>
    public static long CallWithFile(this GuestThread thread, SyscallNumber number, ulong file, long b = 0, long c = 0, long d = 0, long e = 0)
    {
        var host = thread.Files.Host((int)file);
        return host < 0 ? -Errno.EBADF : HostKernel.CallToTheEnd(number, host, b, c, d, e);
    }

    /// <summary>Writes a value where the guest wants it: 0 or EFAULT.</summary>
    public static long Store<T>(this GuestThread thread, ulong address, T value)
        where T : unmanaged => thread.Memory.TryWrite(address, value) ? 0 : -Errno.EFAULT;
}
