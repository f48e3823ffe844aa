using System.Globalization;
using System.Text;
using Dbt.Runtime.Linux.Host;
using Dbt.Runtime.Linux.Syscalls;

namespace Dbt.Runtime.Linux.FileSystem;

/// <summary>
/// Finds the host's file behind a guest's path. The rule: an absolute path that exists in the sysroot means that file; any
/// other means the host's. Within the sysroot, symbolic links and <c>..</c> are followed as if the sysroot were the root
/// directory, so an absolute link there (Debian's /etc/alternatives) stays there. Relative paths start at the host's
/// directory that the guest is in, and links on their way are the host's to follow. A working directory is the host's when
/// there is one of that name, so that programs do their work outside of the sysroot. <c>/proc/self</c> means the guest.
/// Paths are bytes, since Linux does not promise more.
/// </summary>
internal sealed unsafe class PathResolver
{
    /// <summary>Bytes in a path, its final NUL included.</summary>
    public const int MaximumLength = 4096;

    private readonly FileTable _files;
    private readonly byte[] _executable;
    private readonly int _root = -1;
    private readonly byte[] _rootPath = [];

    /// <summary>Opens the sysroot.</summary>
    /// <param name="files">The guest's descriptors, for /proc/self/fd.</param>
    /// <param name="sysroot">A host directory, or null.</param>
    /// <param name="executable">The host path of the guest's program; may be empty.</param>
    /// <exception cref="DirectoryNotFoundException">The sysroot is no directory.</exception>
    public PathResolver(FileTable files, string? sysroot, string executable)
    {
        _files = files;
        _executable = Terminated(Canonical(Encoding.UTF8.GetBytes(executable)));
        if (sysroot is null)
            return;
        // The canonical path, because it is compared with what the host says of working directories.
        _root = (int)HostKernel.Open(
            OpenFlags.CurrentDirectory, Terminated(Encoding.UTF8.GetBytes(sysroot)), OpenFlags.PathOnly | OpenFlags.Directory);
        if (_root < 0)
            throw new DirectoryNotFoundException($"{sysroot}: {Errno.Text(-_root)}");
        _rootPath = PathOf(_root);
        if (_rootPath is [(byte)'/'])
            _root = -1;
    }

    /// <summary>Resolves a path for the host. Returns 0 or a negative error.</summary>
    /// <param name="directory">The guest's directory descriptor for a relative path, or AT_FDCWD.</param>
    /// <param name="path">The guest's path, without a NUL.</param>
    /// <param name="follow">Whether the caller wants the target of a symbolic link at the end.</param>
    /// <param name="resolved">The result.</param>
    public long Resolve(int directory, ReadOnlySpan<byte> path, bool follow, out ResolvedPath resolved)
    {
        resolved = default;
        if (path.IsEmpty || path[0] != '/')
        {
            var host = directory == OpenFlags.CurrentDirectory ? directory : _files.Host(directory);
            resolved = new ResolvedPath(host, Terminated(path));
            return host == -1 ? -Errno.EBADF : 0;
        }
        if (TryDescriptor(path, out var descriptor))
        {
            resolved = new ResolvedPath(OpenFlags.CurrentDirectory, Terminated(Encoding.ASCII.GetBytes($"/proc/self/fd/{_files.Host(descriptor)}")));
            return _files.Host(descriptor) < 0 ? -Errno.ENOENT : 0;
        }
        if (follow && IsOwn(path, "exe"u8) && _executable.Length > 1)
        {
            resolved = new ResolvedPath(OpenFlags.CurrentDirectory, _executable);
            return 0;
        }
        resolved = new ResolvedPath(OpenFlags.CurrentDirectory, InSysroot(path, follow) ?? Terminated(path));
        return 0;
    }

    /// <summary>Finds a working directory: the host's first, then the sysroot's. Returns 0 or a negative error.</summary>
    public long ResolveWorkingDirectory(ReadOnlySpan<byte> path, out ResolvedPath resolved)
    {
        var host = path.StartsWith("/"u8) ? HostKernel.Open(OpenFlags.CurrentDirectory, Terminated(path), OpenFlags.PathOnly | OpenFlags.Directory) : -1;
        if (host < 0)
            return Resolve(OpenFlags.CurrentDirectory, path, follow: true, out resolved);
        _ = HostKernel.Close((int)host);
        resolved = new ResolvedPath(OpenFlags.CurrentDirectory, Terminated(path));
        return 0;
    }

    /// <summary>The host's path of an absolute guest path, without a NUL.</summary>
    public string HostPath(string path)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        return bytes is [(byte)'/', ..] && InSysroot(bytes, follow: true) is { } found ? Encoding.UTF8.GetString(found, 0, found.Length - 1) : path;
    }

    /// <summary>What the guest calls a host path: without the sysroot before it.</summary>
    public ReadOnlySpan<byte> GuestPath(ReadOnlySpan<byte> host)
    {
        if (_rootPath.Length <= 1 || !host.StartsWith(_rootPath))
            return host;
        var rest = host[_rootPath.Length..];
        return rest.IsEmpty ? "/"u8 : rest[0] == '/' ? rest : host;
    }

    /// <summary>The target of a link of /proc/self that names the guest's things rather than the host process's; empty for any other path.</summary>
    public ReadOnlySpan<byte> OwnLink(ReadOnlySpan<byte> path)
    {
        if (IsOwn(path, "exe"u8))
            return GuestPath(_executable.AsSpan(..^1));
        if (IsOwn(path, "cwd"u8))
            return GuestPath(HostKernel.ReadLink("/proc/self/cwd\0"u8));
        return TryDescriptor(path, out var descriptor) && _files.Host(descriptor) is >= 0 and var host ? GuestPath(PathOf(host)) : [];
    }

    /// <summary>Whether a path names this entry of the guest's own directory in /proc.</summary>
    public static bool IsOwn(ReadOnlySpan<byte> path, ReadOnlySpan<byte> entry) => TryOwn(path, out var rest) && rest.SequenceEqual(entry);

    /// <summary>Whether a path lies in the guest's own directory in /proc; what follows <c>/proc/self/</c> or <c>/proc/PID/</c>.</summary>
    public static bool TryOwn(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> rest)
    {
        rest = default;
        if (!path.StartsWith("/proc/"u8))
            return false;
        path = path["/proc/"u8.Length..];
        var slash = path.IndexOf((byte)'/');
        if (slash < 0)
            return false;
        rest = path[(slash + 1)..];
        var owner = path[..slash];
        return owner.SequenceEqual("self"u8) || owner.SequenceEqual("thread-self"u8)
            || TryNumber(owner, out var process) && process == Environment.ProcessId;
    }

    /// <summary>What a host descriptor is open on, as the host's /proc says; without a NUL.</summary>
    public static byte[] PathOf(int host) => HostKernel.ReadLink(Terminated(Encoding.ASCII.GetBytes(string.Concat("/proc/self/fd/", host.ToString(CultureInfo.InvariantCulture)))));

    /// <summary>A copy with a NUL behind it.</summary>
    public static byte[] Terminated(ReadOnlySpan<byte> path)
    {
        var copy = new byte[path.Length + 1];
        path.CopyTo(copy);
        return copy;
    }

    // Without symbolic links, as /proc/self/exe has it.
    private static byte[] Canonical(byte[] path)
    {
        var file = HostKernel.Open(OpenFlags.CurrentDirectory, Terminated(path), OpenFlags.PathOnly);
        if (file < 0)
            return path;
        var canonical = PathOf((int)file);
        _ = HostKernel.Close((int)file);
        return canonical;
    }

    // The host path, with a NUL, of a path that exists in the sysroot; null when it does not.
    private byte[]? InSysroot(ReadOnlySpan<byte> path, bool follow)
    {
        if (_root < 0)
            return null;
        // Lets the host kernel do the walk: struct open_how with RESOLVE_IN_ROOT (Linux 5.6).
        var how = stackalloc ulong[3];
        how[0] = (ulong)(OpenFlags.PathOnly | OpenFlags.CloseOnExec | (follow ? 0 : OpenFlags.NoFollow));
        how[1] = 0;
        how[2] = 0x10;
        var text = Terminated(path);
        long found;
        fixed (byte* pointer = text)
            found = HostKernel.Call(SyscallNumber.openat2, _root, (long)pointer, (long)how, 3 * sizeof(ulong));
        if (found == -Errno.ENOSYS || found == -Errno.EPERM)
            return Joined(path, follow);
        if (found < 0)
            return null;
        var host = PathOf((int)found);
        _ = HostKernel.Close((int)found);
        return host.Length == 0 ? null : Terminated(host);
    }

    // For hosts without openat2 (older ones, and sandboxes that forbid it): absolute links leave the sysroot.
    private byte[]? Joined(ReadOnlySpan<byte> path, bool follow)
    {
        byte[] joined = [.. _rootPath, .. path, 0];
        var found = HostKernel.Open(OpenFlags.CurrentDirectory, joined, OpenFlags.PathOnly | (follow ? 0 : OpenFlags.NoFollow));
        if (found < 0)
            return null;
        _ = HostKernel.Close((int)found);
        return joined;
    }

    private static bool TryDescriptor(ReadOnlySpan<byte> path, out int descriptor)
    {
        descriptor = -1;
        if (TryOwn(path, out var own) && own.StartsWith("fd/"u8))
            return TryNumber(own["fd/"u8.Length..], out descriptor);
        if (!path.StartsWith("/dev/"u8))
            return false;
        var device = path["/dev/"u8.Length..];
        descriptor = device.SequenceEqual("stdin"u8) ? 0 : device.SequenceEqual("stdout"u8) ? 1 : device.SequenceEqual("stderr"u8) ? 2 : -1;
        return descriptor >= 0 || device.StartsWith("fd/"u8) && TryNumber(device["fd/"u8.Length..], out descriptor);
    }

    private static bool TryNumber(ReadOnlySpan<byte> digits, out int number) =>
        System.Buffers.Text.Utf8Parser.TryParse(digits, out number, out var used) && used == digits.Length && number >= 0;
}
