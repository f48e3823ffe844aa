using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dbt.Runtime.Machine.Sharing;

/// <summary>
/// Files of the host, each by a descriptor of its own. Names are single components, looked up in a directory's descriptor; no link is ever
/// followed. Results are the kernel's: a negative number is an errno.
/// </summary>
internal static unsafe partial class HostFiles
{
    public const int NotPermitted = -1, NoEntry = -2, InputOutput = -5, BadDescriptor = -9, Invalid = -22, TooManyFiles = -23, ReadOnly = -30, NameTooLong = -36, NotSupported = -95;

    public const int ReadOnlyAccess = 0, AccessMask = 3, Create = 0x40, Exclusive = 0x80, Truncate = 0x200;

    private const int CloseOnExec = 0x80000, PathOnly = 0x200000, NoFollow = 0x20000, DirectoryOnly = 0x10000, NonBlocking = 0x800;
    private const int EmptyPath = 0x1000, SymbolicLinkFollow = 0x400, RemoveDirectory = 0x200, CurrentDirectory = -100;
    private const ulong NoMagicLinks = 2, NoSymbolicLinks = 4, Beneath = 8;
    private const uint BasicStatus = 0x7ff, BirthTime = 0x800;
    private const long OpenAt2 = 437;
    private const int Interrupted = 4;

    private static ReadOnlySpan<byte> Empty => "\0"u8;

    /// <summary>Opens the directory that is shared.</summary>
    public static int OpenRoot(string path, out SafeFileHandle root)
    {
        fixed (byte* text = System.Text.Encoding.UTF8.GetBytes(path + '\0'))
            return Handle(Open(text, PathOnly | DirectoryOnly | CloseOnExec), out root);
    }

    /// <summary>A descriptor that only names the file: a link is named itself.</summary>
    public static int Find(SafeFileHandle directory, ReadOnlySpan<byte> name, out SafeFileHandle file) => OpenBeneath(directory, name, PathOnly | NoFollow, 0, out file);

    /// <summary>Makes a file and opens it.</summary>
    public static int CreateFile(SafeFileHandle directory, ReadOnlySpan<byte> name, int flags, uint mode, out SafeFileHandle file) =>
        OpenBeneath(directory, name, flags | Create | NoFollow | NonBlocking, mode, out file);

    /// <summary>Opens what a descriptor names, which must not be a link, nor anything else that opening does something to.</summary>
    public static int Reopen(SafeFileHandle file, int flags, out SafeFileHandle opened)
    {
        var path = stackalloc byte[32];
        Describe(file, path);
        return Handle(Open(path, flags | NonBlocking | CloseOnExec), out opened);
    }

    /// <summary>Another descriptor of the same.</summary>
    public static int Duplicate(SafeFileHandle file, out SafeFileHandle copy)
    {
        const int duplicateCloseOnExec = 1030;
        return Handle(Control(file, duplicateCloseOnExec, 0), out copy);
    }

    public static int Status(SafeFileHandle file, out HostStatus status)
    {
        status = default;
        fixed (HostStatus* pointer = &status)
        fixed (byte* empty = Empty)
            return Result(StatusAt(file, empty, EmptyPath, BasicStatus | BirthTime, pointer));
    }

    public static int ReadLink(SafeFileHandle link, Span<byte> text)
    {
        fixed (byte* target = text)
        fixed (byte* empty = Empty)
            return Result((int)ReadLinkAt(link, empty, target, (nuint)text.Length));
    }

    public static int MakeDirectory(SafeFileHandle directory, ReadOnlySpan<byte> name, uint mode)
    {
        fixed (byte* text = name)
            return Result(MakeDirectoryAt(directory, text, mode));
    }

    public static int MakeNode(SafeFileHandle directory, ReadOnlySpan<byte> name, uint mode)
    {
        fixed (byte* text = name)
            return Result(MakeNodeAt(directory, text, mode, 0));
    }

    public static int MakeLink(ReadOnlySpan<byte> target, SafeFileHandle directory, ReadOnlySpan<byte> name)
    {
        fixed (byte* from = target)
        fixed (byte* text = name)
            return Result(SymbolicLinkAt(from, directory, text));
    }

    public static int Link(SafeFileHandle file, SafeFileHandle directory, ReadOnlySpan<byte> name)
    {
        var path = stackalloc byte[32];
        Describe(file, path);
        fixed (byte* text = name)
            return Result(LinkAt(CurrentDirectory, path, directory, text, SymbolicLinkFollow));
    }

    public static int Rename(SafeFileHandle directory, ReadOnlySpan<byte> name, SafeFileHandle newDirectory, ReadOnlySpan<byte> newName)
    {
        fixed (byte* from = name)
        fixed (byte* to = newName)
            return Result(RenameAt(directory, from, newDirectory, to));
    }

    public static int Remove(SafeFileHandle directory, ReadOnlySpan<byte> name, bool isDirectory)
    {
        fixed (byte* text = name)
            return Result(UnlinkAt(directory, text, isDirectory ? RemoveDirectory : 0));
    }

    public static int SetMode(SafeFileHandle file, uint mode)
    {
        var path = stackalloc byte[32];
        Describe(file, path);
        return Result(ChangeMode(path, mode));
    }

    public static int SetOwner(SafeFileHandle file, uint user, uint group)
    {
        fixed (byte* empty = Empty)
            return Result(ChangeOwner(file, empty, user, group, EmptyPath));
    }

    public static int SetLength(SafeFileHandle file, ulong length)
    {
        var path = stackalloc byte[32];
        Describe(file, path);
        return Result(TruncatePath(path, (long)length));
    }

    /// <summary>Sets the times of access and modification: seconds and nanoseconds, or what utimensat has for now and unchanged.</summary>
    public static int SetTimes(SafeFileHandle file, ReadOnlySpan<long> times)
    {
        var path = stackalloc byte[32];
        Describe(file, path);
        fixed (long* values = times)
            return Result(ChangeTimes(CurrentDirectory, path, values, 0));
    }

    public static int Read(SafeFileHandle file, Span<byte> bytes, ulong offset)
    {
        fixed (byte* target = bytes)
        {
            nint read;
            do
                read = ReadAt(file, target, (nuint)bytes.Length, (long)offset);
            while (read < 0 && Marshal.GetLastPInvokeError() == Interrupted);
            return Result((int)read);
        }
    }

    public static int Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, ulong offset)
    {
        fixed (byte* source = bytes)
        {
            nint written;
            do
                written = WriteAt(file, source, (nuint)bytes.Length, (long)offset);
            while (written < 0 && Marshal.GetLastPInvokeError() == Interrupted);
            return Result((int)written);
        }
    }

    /// <summary>Entries of a directory from an offset on, as struct linux_dirent64 has them.</summary>
    public static int ReadDirectory(SafeFileHandle directory, ulong offset, Span<byte> entries)
    {
        if (Seek(directory, (long)offset, 0) < 0)
            return -Marshal.GetLastPInvokeError();
        fixed (byte* target = entries)
            return Result((int)GetEntries(directory, target, (nuint)entries.Length));
    }

    public static int Sync(SafeFileHandle file, bool dataOnly) => Result(dataOnly ? SyncData(file) : SyncAll(file));

    /// <summary>struct statfs of 64-bit hosts: 15 words of 8 bytes.</summary>
    public static int FileSystem(SafeFileHandle file, Span<ulong> status)
    {
        fixed (ulong* target = status)
            return Result(FileSystemStatus(file, target));
    }

    private static int OpenBeneath(SafeFileHandle directory, ReadOnlySpan<byte> name, int flags, uint mode, out SafeFileHandle file)
    {
        var how = new OpenHow { Flags = (uint)(flags | CloseOnExec), Mode = mode, Resolve = Beneath | NoSymbolicLinks | NoMagicLinks };
        fixed (byte* text = name)
            return Handle((int)Call(OpenAt2, directory, text, &how, (nuint)sizeof(OpenHow)), out file);
    }

    // The kernel's own name for what a descriptor is of: it leads to that file and to no other.
    private static void Describe(SafeFileHandle file, byte* path)
    {
        var text = new Span<byte>(path, 32);
        text.Clear();
        "/proc/self/fd/"u8.CopyTo(text);
        System.Buffers.Text.Utf8Formatter.TryFormat((int)file.DangerousGetHandle(), text[14..31], out _);
    }

    private static int Handle(int descriptor, out SafeFileHandle file)
    {
        file = new SafeFileHandle(descriptor, ownsHandle: descriptor >= 0);
        return descriptor < 0 ? -Marshal.GetLastPInvokeError() : 0;
    }

    private static int Result(int result) => result < 0 ? -Marshal.GetLastPInvokeError() : result;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(long number, SafeFileHandle directory, byte* path, OpenHow* how, nuint size);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int Open(byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, long argument);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int StatusAt(SafeFileHandle directory, byte* path, int flags, uint mask, HostStatus* status);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    private static partial nint ReadLinkAt(SafeFileHandle directory, byte* path, byte* text, nuint length);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true)]
    private static partial int MakeDirectoryAt(SafeFileHandle directory, byte* path, uint mode);

    [LibraryImport("libc", EntryPoint = "mknodat", SetLastError = true)]
    private static partial int MakeNodeAt(SafeFileHandle directory, byte* path, uint mode, ulong device);

    [LibraryImport("libc", EntryPoint = "symlinkat", SetLastError = true)]
    private static partial int SymbolicLinkAt(byte* target, SafeFileHandle directory, byte* path);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true)]
    private static partial int LinkAt(int directory, byte* path, SafeFileHandle newDirectory, byte* newPath, int flags);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true)]
    private static partial int RenameAt(SafeFileHandle directory, byte* path, SafeFileHandle newDirectory, byte* newPath);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    private static partial int UnlinkAt(SafeFileHandle directory, byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "chmod", SetLastError = true)]
    private static partial int ChangeMode(byte* path, uint mode);

    [LibraryImport("libc", EntryPoint = "fchownat", SetLastError = true)]
    private static partial int ChangeOwner(SafeFileHandle directory, byte* path, uint user, uint group, int flags);

    [LibraryImport("libc", EntryPoint = "truncate", SetLastError = true)]
    private static partial int TruncatePath(byte* path, long length);

    [LibraryImport("libc", EntryPoint = "utimensat", SetLastError = true)]
    private static partial int ChangeTimes(int directory, byte* path, long* times, int flags);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    private static partial nint ReadAt(SafeFileHandle file, byte* bytes, nuint length, long offset);

    [LibraryImport("libc", EntryPoint = "pwrite", SetLastError = true)]
    private static partial nint WriteAt(SafeFileHandle file, byte* bytes, nuint length, long offset);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(SafeFileHandle file, long offset, int origin);

    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    private static partial nint GetEntries(SafeFileHandle directory, byte* entries, nuint length);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncAll(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int SyncData(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    private static partial int FileSystemStatus(SafeFileHandle file, ulong* status);

    private struct OpenHow
    {
        public ulong Flags, Mode, Resolve;
    }
}
