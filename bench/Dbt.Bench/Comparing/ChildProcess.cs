using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Dbt.Bench.Comparing;

/// <summary>
/// Runs a command and takes its time. Process of .NET is not precise enough for programs of a few milliseconds: it forks a
/// large process, and learns of the end from another thread.
/// </summary>
internal static unsafe partial class ChildProcess
{
    private const int KillSignal = 9;
    private const int OpaqueBytes = 512; // more than any C library's posix_spawn_file_actions_t
    private const int Truncate = 0x241; // O_WRONLY | O_CREAT | O_TRUNC

    /// <summary>Runs a command to its end.</summary>
    /// <param name="words">The command, looked up in PATH, and its arguments.</param>
    /// <param name="input">The file that is its standard input.</param>
    /// <param name="output">The file that gets its standard output.</param>
    /// <param name="errors">The file that gets its standard error.</param>
    /// <param name="limit">After which it is killed.</param>
    /// <exception cref="Win32Exception">It cannot be started.</exception>
    public static ChildResult Run(IReadOnlyList<string> words, string input, string output, string errors, TimeSpan limit)
    {
        var arguments = stackalloc nint[words.Count + 1];
        for (var i = 0; i < words.Count; i++)
            arguments[i] = Marshal.StringToCoTaskMemUTF8(words[i]);
        var actions = stackalloc byte[OpaqueBytes];
        _ = InitializeActions(actions);
        try
        {
            _ = AddOpen(actions, 0, input, 0, 0);
            _ = AddOpen(actions, 1, output, Truncate, 0x1a4);
            _ = AddOpen(actions, 2, errors, Truncate, 0x1a4);
            var environment = *(nint*)NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "environ");
            var started = Stopwatch.GetTimestamp();
            if (Spawn(out var pid, words[0], actions, 0, arguments, environment) is not 0 and var error)
                throw new Win32Exception(error, $"{words[0]}: {Marshal.GetPInvokeErrorMessage(error)}");
            using var timer = new Timer(_ => Kill(pid, KillSignal), null, limit, Timeout.InfiniteTimeSpan);
            ResourceUsage usage;
            int status;
            while (Wait(pid, out status, 0, out usage) < 0)
            {
            }
            var wall = Stopwatch.GetElapsedTime(started);
            return new ChildResult((status & 0x7f) == 0 ? status >> 8 & 0xff : 128 + (status & 0x7f), wall, usage.User + usage.System, usage.PeakMemory);
        }
        finally
        {
            _ = DestroyActions(actions);
            for (var i = 0; i < words.Count; i++)
                Marshal.FreeCoTaskMem(arguments[i]);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int InitializeActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int DestroyActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddOpen(byte* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawnp", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Spawn(out int pid, string file, byte* actions, nint attributes, nint* arguments, nint environment);

    [LibraryImport("libc", EntryPoint = "wait4")]
    private static partial int Wait(int pid, out int status, int options, out ResourceUsage usage);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);

    // struct rusage: two struct timeval, and fourteen numbers of which the first is asked for.
    [StructLayout(LayoutKind.Sequential, Size = 14 * sizeof(long) + 4 * sizeof(long))]
    private readonly struct ResourceUsage
    {
        private readonly long _userSeconds;
        private readonly long _userMicroseconds;
        private readonly long _systemSeconds;
        private readonly long _systemMicroseconds;
        private readonly long _peakKilobytes;

        public TimeSpan User => TimeSpan.FromSeconds(_userSeconds) + TimeSpan.FromMicroseconds(_userMicroseconds);

        public TimeSpan System => TimeSpan.FromSeconds(_systemSeconds) + TimeSpan.FromMicroseconds(_systemMicroseconds);

        public long PeakMemory => _peakKilobytes << 10;
    }
}
