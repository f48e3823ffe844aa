using Dbt.Isa;

namespace Dbt.Translator.Engines;

/// <summary>How often each operation was handed to the interpreter by compiled code. Safe from any thread.</summary>
internal sealed class OperationCounters
{
    private const int FirstLength = 512;

    // By number of the operation: the guest's own table of operations is large and needed for reports only.
    private long[] _counts = new long[FirstLength];

    /// <summary>Counts one.</summary>
    public void Count(ushort operation)
    {
        if (operation >= _counts.Length)
            Grow(operation);
        Interlocked.Increment(ref _counts[operation]);
    }

    /// <summary>Mnemonics and counts, the most frequent first.</summary>
    public List<KeyValuePair<string, long>> Describe(GuestIsa isa)
    {
        var operations = new List<KeyValuePair<string, long>>();
        for (var i = 0; i < _counts.Length; i++)
            if (_counts[i] != 0)
                operations.Add(new(isa.Operations[i]?.Mnemonic ?? "(illegal)", _counts[i]));
        operations.Sort((a, b) => b.Value.CompareTo(a.Value));
        return operations;
    }

    // A count that another thread adds meanwhile may be lost.
    private void Grow(ushort operation)
    {
        lock (this)
        {
            if (operation >= _counts.Length)
                Array.Resize(ref _counts, 2 * operation);
        }
    }
}
