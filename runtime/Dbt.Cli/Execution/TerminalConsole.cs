using Dbt.Runtime.Machine.Devices;
using Microsoft.Win32.SafeHandles;

namespace Dbt.Cli.Execution;

/// <summary>The serial port of a machine on standard input and output. Ctrl-A is the escape key: x ends the machine, s saves it, Ctrl-A types one.</summary>
internal sealed class TerminalConsole : IConsole
{
    private const byte EscapeKey = 1;

    // The file itself: .NET's console would edit lines, and set the terminal as it likes it.
    private readonly FileStream _input = new(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);

    // Not the file itself: a FileStream has a position of its own, and would write over what others write to the same file.
    private readonly Stream _output = Console.OpenStandardOutput();
    private readonly Lock _outputLock = new();
    private readonly Queue<byte> _typed = new();
    private readonly bool _hasEscapeKey;
    private bool _escaped;

    /// <summary>Creates it; nothing is read before <see cref="Start"/>.</summary>
    /// <param name="hasEscapeKey">Whether somebody types: a file's bytes are all for the guest.</param>
    public TerminalConsole(bool hasEscapeKey) => _hasEscapeKey = hasEscapeKey;

    /// <inheritdoc/>
    public event Action? InputAvailable;

    /// <summary>Called when the user ends the machine.</summary>
    public event Action? EndRequested;

    /// <summary>Called when the user wants the machine to be saved.</summary>
    public event Action? SaveRequested;

    /// <summary>Begins to read, on a thread of its own that does not keep the process alive.</summary>
    public void Start() => new Thread(ReadInput) { IsBackground = true, Name = "console" }.Start();

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_outputLock)
        {
            try
            {
                _output.Write(bytes);
                _output.Flush();
            }
            catch (IOException)
            {
                // Nobody reads it any more.
            }
        }
    }

    /// <inheritdoc/>
    public int Read(Span<byte> bytes)
    {
        lock (_typed)
        {
            var count = 0;
            while (count < bytes.Length && _typed.TryDequeue(out var next))
                bytes[count++] = next;
            return count;
        }
    }

    private void ReadInput()
    {
        var buffer = new byte[256];
        try
        {
            for (int count; (count = _input.Read(buffer)) > 0;)
            {
                foreach (var key in buffer.AsSpan(0, count))
                    Take(key);
                InputAvailable?.Invoke();
            }
        }
        catch (IOException)
        {
            // The terminal is gone.
        }
    }

    private void Take(byte key)
    {
        if (_hasEscapeKey && !_escaped && key == EscapeKey)
        {
            _escaped = true;
            return;
        }
        var request = !_escaped ? null : key switch
        {
            (byte)'x' or (byte)'X' => EndRequested,
            (byte)'s' or (byte)'S' => SaveRequested,
            _ => null,
        };
        _escaped = false;
        if (request is not null)
        {
            request();
            return;
        }
        lock (_typed)
            _typed.Enqueue(key);
    }
}
