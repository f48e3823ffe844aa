using System.Runtime.InteropServices;

namespace Dbt.Translator.HostCode;

/// <summary>The host's calls for memory that holds code, with their numbers on 64-bit Linux.</summary>
internal static unsafe partial class HostMemory
{
    public const int ProtNone = 0, ProtRead = 1, ProtWrite = 2, ProtExecute = 4;
    public const int MapShared = 0x01, MapPrivate = 0x02, MapFixed = 0x10, MapAnonymous = 0x20, MapNoReserve = 0x4000;
    public const int AdviseDontNeed = 4, AdvisePopulateWrite = 23, FallocateKeepSize = 1, FallocatePunchHole = 2;
    public const uint CloseOnExec = 1;
    public const int PageBytes = 4096;

    public static readonly byte* Failed = (byte*)-1;

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    public static partial byte* Map(byte* address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    public static partial int Unmap(byte* address, nuint length);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    public static partial int Protect(byte* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    public static partial int Advise(byte* address, nuint length, int advice);

    /// <summary>
    /// Has the host provide pages that are going to be written from their start to their end: together they cost a fifth of what they do
    /// one by one. A host that does not know how (Linux before 5.14) provides them when they are written.
    /// </summary>
    public static void Populate(byte* start, byte* end)
    {
        var first = (byte*)((nuint)start + PageBytes - 1 & ~(nuint)(PageBytes - 1));
        if (OperatingSystem.IsLinux() && end - first >= PageBytes)
            _ = Advise(first, (nuint)(end - first) & ~(nuint)(PageBytes - 1), AdvisePopulateWrite);
    }

    /// <summary>
    /// Whether <see cref="SynchronizeCode"/> works: the host promises that when it returns, every thread of the process executes code as it is
    /// now (membarrier's SYNC_CORE, Linux 4.16).
    /// </summary>
    public static bool CanSynchronizeCode => CodeSynchronization.IsRegistered;

    /// <summary>Waits until no thread executes code as it was before.</summary>
    public static void SynchronizeCode()
    {
        if (SystemCall(MemoryBarrier, SyncCore, 0, 0) != 0)
            throw new InvalidOperationException($"The host does not synchronize code (errno {Marshal.GetLastPInvokeError()}).");
    }

    private const long MemoryBarrier = 324, SyncCore = 1 << 5, RegisterSyncCore = 1 << 6;

    // Of its own, so that only who synchronizes registers: with a second thread in the process the host takes 10 ms for it.
    private static class CodeSynchronization
    {
        public static readonly bool IsRegistered = SystemCall(MemoryBarrier, RegisterSyncCore, 0, 0) == 0;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long SystemCall(long number, long command, long flags, long processor);

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CreateMemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int SetFileLength(int file, long length);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    public static partial int ChangeFile(int file, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int file);
}
