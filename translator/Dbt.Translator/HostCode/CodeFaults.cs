using Dbt.Isa;

namespace Dbt.Translator.HostCode;

/// <summary>
/// While it lives, an access that fails in code of an <see cref="ExecutableMemory"/> goes on at a recovery stub, with all registers as they
/// were, and signal, address, instruction and direction in the thread's <see cref="HostFault"/>. That needs a handler for
/// the host's signals and a registered thread, which are the runtime's (runtime/notes/0001-host-faults.md); without them the process ends.
/// </summary>
internal sealed unsafe class CodeFaults : IDisposable
{
    private readonly byte* _start;
    private bool _disposed;

    /// <summary>Registers the whole region.</summary>
    /// <param name="memory">Outlives this.</param>
    /// <param name="recovery">
    /// Address of the stub as it is executed. It finds the stack as the failed instruction had it, and no register is free.
    /// </param>
    /// <exception cref="InvalidOperationException">There are too many ranges already (<see cref="HostCodeRanges.Count"/>).</exception>
    public CodeFaults(ExecutableMemory memory, byte* recovery)
    {
        _start = memory.ExecuteStart;
        HostCodeRanges.Add(_start, (ulong)memory.Bytes, recovery);
    }

    /// <summary>Ends it if its owner did not: host code of others may come to lie there.</summary>
    ~CodeFaults() => Remove();

    /// <summary>Ends it. Nobody may be executing in the region.</summary>
    public void Dispose()
    {
        Remove();
        GC.SuppressFinalize(this);
    }

    private void Remove()
    {
        if (!_disposed)
            HostCodeRanges.Remove(_start);
        _disposed = true;
    }
}
