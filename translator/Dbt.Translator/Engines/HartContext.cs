using System.Diagnostics;
using Dbt.Isa;
using Dbt.Translator.Cache;

namespace Dbt.Translator.Engines;

/// <summary>What an engine keeps for one hart that it runs. Touched by the hart's thread only, except where said.</summary>
public unsafe class HartContext
{
    private const long FirstSlice = 500_000;
    private const long ShortestSlice = 10_000;
    private const long LongestSlice = 1L << 30;

    private static readonly long s_sliceTicks = Stopwatch.Frequency / 2000;

    /// <summary>A context with an empty jump cache.</summary>
    public HartContext(IEngine engine, Hart hart)
    {
        Engine = engine;
        Hart = hart;
    }

    /// <summary>The hart.</summary>
    public Hart Hart { get; }

    /// <summary>The hart's state.</summary>
    public HartHeader* State => Hart.State;

    /// <summary>Translations that this hart entered before.</summary>
    public JumpCache JumpCache { get; } = new();

    /// <summary>Whose it is.</summary>
    internal IEngine Engine { get; }

    /// <summary>The engine's last drop of translations that this hart has taken note of; written at safe points, read by any thread.</summary>
    internal long SeenDrop;

    /// <summary>The host thread that runs it; 0 when none does. Written under the engine's lock, read by any thread.</summary>
    internal volatile int RunningThread;

    /// <summary>Whether it is in a call, which takes no lock; see <see cref="TranslatingEngine{TBlock}"/>'s calls. Written by <see cref="CallingThread"/>.</summary>
    internal volatile bool IsInCall;

    /// <summary>The host thread that makes calls; 0 before the first.</summary>
    internal volatile int CallingThread;

    /// <summary>What the interpreter did that the engine has not counted yet. Written by the hart's thread, as the others.</summary>
    internal TierCounters Interpreted { get; } = new();

    /// <summary>The same of compiled code.</summary>
    internal TierCounters Compiled { get; } = new();

    /// <summary>Whether the compiled code that the hart knows counts instructions.</summary>
    internal bool Counts;

    /// <summary>The same of the tier above.</summary>
    internal TierCounters Above { get; } = new();

    /// <summary>Where code of the tier above begins; made when something does.</summary>
    internal JumpCache? UpperEntries;

    /// <summary>Whether the tier above executed last.</summary>
    internal bool IsAbove;

    /// <summary>Whether the interpreter executed last.</summary>
    internal bool IsInterpreting;

    /// <summary>The budget when what was executed since then began: nobody has counted that yet.</summary>
    internal long CountedBudget;

    /// <summary>Instructions that compiled code had interpreted since it was entered.</summary>
    internal int HandedOver;

    /// <summary>Where the engine counts those.</summary>
    internal OperationCounters? Operations { get; set; }

    /// <summary>Guest instructions that probably take half a millisecond at most.</summary>
    internal long SliceLength { get; private set; } = FirstSlice;

    /// <summary>Learns from a slice of that many that took so long. One during which the host ran others makes the next ones shorter than need be.</summary>
    internal void AdaptSlice(long ticks)
    {
        if (ticks > s_sliceTicks)
            SliceLength = Math.Max(SliceLength / 2, ShortestSlice);
        else if (ticks < s_sliceTicks / 2)
            SliceLength = Math.Min(SliceLength * 2, LongestSlice);
    }

    /// <summary>Counts the instruction at <see cref="HartHeader.Current"/>, which compiled code had interpreted.</summary>
    internal void CountHandedOver()
    {
        HandedOver++;
        Operations!.Count(State->Current->Instruction.Operation);
    }

    /// <summary>Forgets every pointer to a translation: some were dropped.</summary>
    public virtual void Forget()
    {
        JumpCache.Clear();
        UpperEntries?.Clear();
    }
}
