using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Dbt.Bench.Booting;

/// <summary>Reads what a machine writes to its console, and notes when each line came.</summary>
internal sealed partial class GuestConsole : IDisposable
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly List<(TimeSpan At, string Text)> _lines = [];
    private readonly Thread _reader;

    /// <summary>Makes a pipe with a name, and waits for somebody to write to it.</summary>
    /// <exception cref="Win32Exception">The pipe cannot be made.</exception>
    public GuestConsole(string path)
    {
        if (MakePipe(path, 0x180) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        _reader = new Thread(() => Read(path)) { IsBackground = true };
        _reader.Start();
    }

    /// <summary>The lines so far; all of them after <see cref="Dispose"/>. Times count from the creation.</summary>
    public IReadOnlyList<(TimeSpan At, string Text)> Lines => _lines;

    /// <summary>Waits for the end of what is written.</summary>
    public void Dispose() => _reader.Join();

    private void Read(string path)
    {
        using var pipe = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0));
        while (pipe.ReadLine() is { } line)
            _lines.Add((Stopwatch.GetElapsedTime(_started), line));
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int MakePipe(string path, uint mode);
}
