namespace Dbt.Runtime.Machine.Devices;

/// <summary>The host's end of a serial line: a terminal, a file, a test. Safe from any thread.</summary>
public interface IConsole
{
    /// <summary>Called when there is something to <see cref="Read"/> again, on the thread that noticed and without locks of the console.</summary>
    event Action? InputAvailable;

    /// <summary>What the guest prints. Never waits for long, and never throws: output that nobody can take is dropped.</summary>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Takes what was typed for the guest.</summary>
    /// <returns>How many bytes; 0 when there is nothing now.</returns>
    int Read(Span<byte> bytes);
}
