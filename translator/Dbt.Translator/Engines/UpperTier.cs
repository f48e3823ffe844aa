namespace Dbt.Translator.Engines;

/// <summary>
/// A tier above an engine's own: larger pieces of code, compiled in their own time, that take over where they begin. It may give up a
/// piece at any time; whatever it does not want to run is its engine's. See translator/notes/0005-regions.md.
/// </summary>
internal abstract unsafe class UpperTier : IDisposable
{
    /// <summary>Name for statistics.</summary>
    public abstract string Name { get; }

    /// <summary>The engine below; set before anything else is called.</summary>
    public ITierHost Host { get; internal set; } = null!;

    /// <summary>Whether code of this tier begins at a pc, which a hart has reached. Under the engine's lock.</summary>
    public abstract bool Owns(HartContext context, ulong pc);

    /// <summary>Enters into <see cref="HartContext.UpperEntries"/> what begins at a pc, if anything does. Under the engine's lock.</summary>
    public abstract void Introduce(HartContext context, ulong pc);

    /// <summary>
    /// Runs code that begins at the hart's Pc until it leaves with TranslationMiss or MemoryFault; or leaves with None, when what begins
    /// at the hart's Pc then does not want to run now.
    /// </summary>
    /// <param name="context">The hart.</param>
    /// <param name="entry">From <see cref="HartContext.UpperEntries"/>.</param>
    public abstract void Enter(HartContext context, void* entry);

    /// <summary>Code of a hart has become hot enough for the engine below. Under the engine's lock, by the hart's thread.</summary>
    public abstract void Start(HartContext context);

    /// <summary>A slice has ended, or somebody wanted to know where the hart is: the code at its Pc is probably hot. By the hart's thread.</summary>
    public abstract void Sample(HartContext context);

    /// <summary>Drops what was made of [start, start + length); false when that was nothing. Under the engine's lock.</summary>
    public abstract bool Drop(ulong start, ulong length);

    /// <summary>Drops what was made of code that has changed; false when that was nothing. Under the engine's lock.</summary>
    public abstract bool DropChanged(IGuestCode code);

    /// <summary>Drops everything. Under the engine's lock.</summary>
    public abstract void DropAll();

    /// <summary>Drops everything and makes nothing more. Under the engine's lock.</summary>
    public abstract void Retire();

    /// <summary>What it did, for people. Under the engine's lock.</summary>
    public abstract TierStatistics Describe(TierCounters counters);

    /// <summary>Ends what it does in the background. Not under the engine's lock.</summary>
    public abstract void Dispose();
}
