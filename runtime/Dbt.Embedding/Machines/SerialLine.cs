using Dbt.Runtime.Machine.Devices;

namespace Dbt.Embedding.Machines;

/// <summary>The other end of a machine's serial port.</summary>
internal sealed class SerialLine(Action<ReadOnlyMemory<byte>>? output) : IConsole
{
    private readonly Lock _lock = new();
    private readonly Queue<byte> _typed = new();

    /// <inheritdoc/>
    public event Action? InputAvailable;

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            output?.Invoke(bytes.ToArray());
        }
#pragma warning disable CA1031 // Output that nobody can take is dropped.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    /// <inheritdoc/>
    public int Read(Span<byte> bytes)
    {
        lock (_lock)
        {
            var count = 0;
            while (count < bytes.Length && _typed.TryDequeue(out var typed))
                bytes[count++] = typed;
            return count;
        }
    }

    public void Type(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            foreach (var typed in bytes)
                _typed.Enqueue(typed);
        }
        InputAvailable?.Invoke();
    }
}
