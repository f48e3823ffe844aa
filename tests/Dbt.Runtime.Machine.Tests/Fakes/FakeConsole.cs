using System.Text;
using Dbt.Runtime.Machine.Devices;

namespace Dbt.Runtime.Machine.Tests.Fakes;

/// <summary>A console whose user is the test.</summary>
internal sealed class FakeConsole : IConsole
{
    private readonly Queue<byte> _typed = new();
    private readonly List<byte> _printed = [];

    public event Action? InputAvailable;

    public string Printed
    {
        get
        {
            lock (_printed)
                return Encoding.ASCII.GetString([.. _printed]);
        }
    }

    public int Waiting => _typed.Count;

    public void Type(string text)
    {
        lock (_typed)
        {
            foreach (var character in Encoding.ASCII.GetBytes(text))
                _typed.Enqueue(character);
        }
        InputAvailable?.Invoke();
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_printed)
            _printed.AddRange(bytes);
    }

    public int Read(Span<byte> bytes)
    {
        lock (_typed)
        {
            var read = 0;
            while (read < bytes.Length && _typed.TryDequeue(out var character))
                bytes[read++] = character;
            return read;
        }
    }
}
