using System.Runtime.InteropServices;

namespace Dbt.Cli.Execution;

/// <summary>
/// Makes the terminal of standard input give every key as it is typed, and nothing of it an own meaning, until it is disposed, or the
/// process ends in any way that it hears of.
/// </summary>
internal sealed unsafe partial class TerminalMode : IDisposable
{
    private const int StandardInput = 0, WhenWritten = 1;

    // More than any host's struct termios.
    private const int StateBytes = 256;

    private readonly byte[] _saved = new byte[StateBytes];
    private readonly List<PosixSignalRegistration> _signals = [];
    private int _restored;

    private TerminalMode()
    {
    }

    /// <summary>Switches the terminal over; null when standard input is none.</summary>
    public static TerminalMode? TryEnter()
    {
        var mode = new TerminalMode();
        fixed (byte* saved = mode._saved)
            if (GetAttributes(StandardInput, saved) != 0)
                return null;
        var raw = (byte[])mode._saved.Clone();
        fixed (byte* state = raw)
        {
            MakeRaw(state);
            if (SetAttributes(StandardInput, WhenWritten, state) != 0)
                return null;
        }
        AppDomain.CurrentDomain.ProcessExit += mode.Restore;
        AppDomain.CurrentDomain.UnhandledException += mode.Restore;
        // What kills a process by default does so afterwards.
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGINT, PosixSignal.SIGQUIT])
            mode._signals.Add(PosixSignalRegistration.Create(signal, _ => mode.Restore(null, EventArgs.Empty)));
        return mode;
    }

    public void Dispose()
    {
        Restore(null, EventArgs.Empty);
        AppDomain.CurrentDomain.ProcessExit -= Restore;
        AppDomain.CurrentDomain.UnhandledException -= Restore;
        foreach (var signal in _signals)
            signal.Dispose();
    }

    private void Restore(object? sender, EventArgs arguments)
    {
        if (Interlocked.Exchange(ref _restored, 1) != 0)
            return;
        fixed (byte* saved = _saved)
            _ = SetAttributes(StandardInput, WhenWritten, saved);
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int GetAttributes(int file, byte* state);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int SetAttributes(int file, int when, byte* state);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void MakeRaw(byte* state);
}
