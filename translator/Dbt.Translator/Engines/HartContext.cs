using Dbt.Isa;
using Dbt.Translator.Cache;

namespace Dbt.Translator.Engines;

/// <summary>What an engine keeps for one hart that it runs. Touched by the hart's thread only, except where said.</summary>
public unsafe class HartContext
{
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

    /// <summary>Instructions that compiled code handed to the interpreter and that the engine has not counted yet. Written by the hart's thread.</summary>
    internal long Interpreted;

    /// <summary>Forgets every pointer to a translation: some were dropped.</summary>
    public virtual void Forget() => JumpCache.Clear();
}
