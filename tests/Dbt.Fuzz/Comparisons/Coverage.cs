using System.Collections.Concurrent;
using Dbt.Fuzz.Programs;
using Dbt.Isa;

namespace Dbt.Fuzz.Comparisons;

/// <summary>How often each operation was put into a program, and executed in a comparison that goes instruction by instruction. Thread-safe.</summary>
internal sealed class Coverage(GuestIsa isa)
{
    private readonly long[] _generated = new long[isa.Operations.Count];
    private readonly long[] _executed = new long[isa.Operations.Count];

    /// <summary>How programs ended in comparisons that count it.</summary>
    public ConcurrentDictionary<ExitReason, long> Ends { get; } = [];

    public void AddEnd(ExitReason reason) => Ends.AddOrUpdate(reason, 1, (_, count) => count + 1);

    public void AddGenerated(AssembledProgram program)
    {
        foreach (var instruction in program.Instructions)
            Interlocked.Increment(ref _generated[instruction.Operation]);
    }

    public void AddExecuted(ushort operation) => Interlocked.Increment(ref _executed[operation]);

    public long GeneratedOf(ushort operation) => _generated[operation];

    public long ExecutedOf(ushort operation) => _executed[operation];

    /// <summary>Operations of a catalog that were never executed.</summary>
    public IEnumerable<string> NeverExecuted(OperationCatalog catalog) =>
        catalog.All.Where(entry => _executed[entry.Number] == 0).Select(entry => entry.Info.Mnemonic);

    /// <summary>Operations of a catalog that were in no program.</summary>
    public IEnumerable<string> NeverGenerated(OperationCatalog catalog) =>
        catalog.All.Where(entry => _generated[entry.Number] == 0).Select(entry => entry.Info.Mnemonic);

    /// <summary>One line for people.</summary>
    public string Summarize(OperationCatalog catalog)
    {
        var rarest = catalog.All.MinBy(entry => _generated[entry.Number])!;
        var missing = NeverGenerated(catalog).ToArray();
        var unexecuted = NeverExecuted(catalog).ToArray();
        return $"operations: {catalog.All.Count - missing.Length} of {catalog.All.Count} generated (rarest {rarest.Info.Mnemonic}, {_generated[rarest.Number]} times), "
            + $"{catalog.All.Count - unexecuted.Length} executed step by step"
            + (Ends.IsEmpty ? "" : $"; ends: {string.Join(", ", Ends.OrderByDescending(end => end.Value).Select(end => $"{end.Key} {end.Value}"))}")
            + (missing.Length == 0 ? "" : $"; never generated: {string.Join(" ", missing)}");
    }
}
