namespace Dbt.Translator.Engines;

/// <summary>Settings of an engine; immutable.</summary>
public sealed record EngineOptions
{
    /// <summary>What an engine uses when nobody says otherwise.</summary>
    public static EngineOptions Default { get; } = new();

    /// <summary>Bytes that translations may take (estimated) before a batch of them is dropped.</summary>
    public long CacheBytes { get; init; } = 256L << 20;

    /// <summary>Most guest instructions in one block.</summary>
    public int MaximumBlockLength { get; init; } = 64;

    /// <summary>
    /// Most guest instructions between two safe points, where stop requests and invalidations by other threads are seen. Engines choose
    /// fewer, so that a hart passes one about every half millisecond.
    /// </summary>
    public long SliceLength { get; init; } = long.MaxValue;

    /// <summary>
    /// How often a block is interpreted before it is compiled; 0 compiles at once. Null is what suits the engine. Of no meaning to the interpreter.
    /// </summary>
    public int? CompileThreshold { get; init; }

    /// <summary>
    /// Instructions are counted. When they are not, compiled code may run faster until somebody asks: a run with a budget, or the guest, that
    /// reads a counter. From then on all are. What was left out until then is missing in <see cref="EngineStatistics"/>.
    /// </summary>
    public bool CountsInstructions { get; init; } = true;

    /// <summary>Statistics tell times. Reading the clock costs some 50 ns a block and a change between tiers.</summary>
    public bool MeasuresTime { get; init; }

    /// <summary>
    /// Others than the harts of this engine may access guest memory while one of them runs: harts of other engines, other processes, devices.
    /// When nobody does, atomic operations of a hart that runs alone need not be atomic on the host, which is several times as fast. The engine
    /// sees by itself when two harts run; everybody else is announced by <see cref="IEngine.ShareMemory"/>.
    /// </summary>
    public bool SharesMemory { get; init; } = true;

    /// <summary>
    /// The guest may reach the host's memory: compilers that can leave out the comparison of addresses with the end of the guest's window do.
    /// </summary>
    public bool TrustsGuest { get; init; }

    /// <summary>
    /// Hypercalls are counted by how they were made (<see cref="Hypercalls.HypercallTable.Counts"/>), those too that do not leave translated code: that costs some
    /// nanoseconds a call.
    /// </summary>
    public bool CountsHypercalls { get; init; }

    /// <summary>Hears where harts are; null when nobody does. See <see cref="ISampleListener"/>.</summary>
    public ISampleListener? SampleListener { get; init; }

    /// <summary>Hears of host code as it is made; null when nobody does.</summary>
    public ICodeListener? CodeListener { get; init; }
}
