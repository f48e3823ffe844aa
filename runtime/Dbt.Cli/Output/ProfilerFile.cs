using Dbt.Translator.Engines;

namespace Dbt.Cli.Output;

/// <summary>A file that tells a profiler what host code is called: by guest symbols, with the engine that made it behind them.</summary>
internal abstract class ProfilerFile : ICodeListener, IDisposable
{
    /// <summary>Names a guest address: <c>main+0x1c</c>, or null. Set before the guest runs.</summary>
    public Func<ulong, string?> NameOf { get; set; } = _ => null;

    /// <inheritdoc/>
    public unsafe void BlockAdded(string engine, ulong pc, byte* code, int length) => Write(engine, NameOf(pc) ?? $"0x{pc:x}", code, length);

    /// <inheritdoc/>
    public unsafe void StubAdded(string engine, string name, byte* code, int length) => Write(engine, name, code, length);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Writes the entry of a piece of code.</summary>
    protected abstract unsafe void Add(string name, byte* code, int length);

    private unsafe void Write(string engine, string name, byte* code, int length)
    {
        if (length == 0)
            return;
        try
        {
            Add($"{name} [{engine}]", code, length);
        }
        catch (IOException)
        {
            // A full disk is no reason to stop the guest.
        }
    }
}
