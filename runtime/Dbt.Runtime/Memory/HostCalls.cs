using System.Runtime.InteropServices;

namespace Dbt.Runtime.Memory;

/// <summary>The host's calls for memory, with their numbers on 64-bit Linux.</summary>
internal static unsafe partial class HostCalls
{
    public const int ProtNone = 0, ProtRead = 1, ProtWrite = 2, ProtExecute = 4;
    public const int MapShared = 0x01, MapPrivate = 0x02, MapFixed = 0x10, MapAnonymous = 0x20, MapNoReserve = 0x4000;
    public const int RemapMayMove = 1, RemapFixed = 2, RemapDontUnmap = 4;
    public const int AdviseDontNeed = 4, AdviseHugePage = 14;

    /// <summary>What mmap and mremap return for an error.</summary>
    public static readonly byte* Failed = (byte*)-1;

    /// <summary>The number of the last error of these calls on this thread.</summary>
    public static MemoryError LastError => (MemoryError)Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    public static partial byte* Map(byte* address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    public static partial int Unmap(byte* address, nuint length);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    public static partial int Protect(byte* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "mremap", SetLastError = true)]
    public static partial byte* Remap(byte* address, nuint oldLength, nuint newLength, int flags, byte* newAddress);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    public static partial int Advise(byte* address, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "process_vm_readv", SetLastError = true)]
    public static partial nint ReadProcess(int process, IoVector* local, nuint localCount, IoVector* remote, nuint remoteCount, nuint flags);

    [LibraryImport("libc", EntryPoint = "process_vm_writev", SetLastError = true)]
    public static partial nint WriteProcess(int process, IoVector* local, nuint localCount, IoVector* remote, nuint remoteCount, nuint flags);

    [LibraryImport("libc", EntryPoint = "getpid")]
    [SuppressGCTransition]
    public static partial int ProcessId();
}
