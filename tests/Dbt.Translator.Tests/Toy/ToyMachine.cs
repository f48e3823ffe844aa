using Dbt.Isa;
using Dbt.Runtime.Faults;
using Dbt.Runtime.Memory;
using Dbt.Translator.Engines;
using Dbt.Translator.Il.Blocks;
using Dbt.Translator.Il.Regions;

namespace Dbt.Translator.Tests.Toy;

/// <summary>A toy hart with memory and an engine. Code at <see cref="Code"/>, two pages of data at <see cref="Data"/>, nothing behind them.</summary>
internal sealed unsafe class ToyMachine : IDisposable
{
    public const ulong Code = 0x10000;
    public const ulong CodeSize = 0x200000;
    public const ulong Data = 0x400000;
    public const ulong DataSize = 0x2000;

    private readonly string _engine;
    private static readonly string[] s_engines = ["interpreter", "baseline", "uncounted", "polls", "auto", "block", "block-cold"];

    private readonly bool _ownsMemory;

    public ToyMachine(string engine, EngineOptions? options = null)
        : this(engine, Create(engine, options), new GuestMemory(1 << 30), true)
    {
        Memory.Map(Code, CodeSize, MemoryProtection.Read | MemoryProtection.Write | MemoryProtection.Execute, MapFlags.Fixed, out _);
        Memory.Map(Data, DataSize, MemoryProtection.Read | MemoryProtection.Write, MapFlags.Fixed, out _);
    }

    private ToyMachine(string name, IEngine engine, GuestMemory memory, bool ownsMemory)
    {
        _engine = name;
        _ownsMemory = ownsMemory;
        Memory = memory;
        Engine = engine;
        Hart = new Hart(ToyIsa.Instance, default, memory);
        Hart.State->Memory = memory.Base;
        Hart.State->MemoryLimit = memory.Size;
        Hart.State->Pc = Code;
        Hart.Poll.FailsAlways = name is "polls" or "region-polls";
    }

    /// <summary>
    /// Names of all engines, for theories; <c>block</c> compiles at once, <c>block-cold</c> after a few executions. The baseline compiler's code of
    /// <c>uncounted</c> polls instead of counting, and every poll of <c>polls</c> fails; the same for <c>region</c>.
    /// </summary>
    public static TheoryData<string> Engines => [.. s_engines];

    /// <summary>The same, and those that make regions of whatever is reached, which takes its time.</summary>
    public static TheoryData<string> EnginesWithRegions => [.. s_engines, "region", "region-uncounted", "region-polls"];

    /// <summary>Whether all instructions are counted in runs without a budget.</summary>
    public bool Counts => _engine is not ("uncounted" or "polls" or "region-uncounted" or "region-polls");

    public GuestMemory Memory { get; }

    public IEngine Engine { get; }

    public Hart Hart { get; }

    public HartHeader* State => Hart.State;

    public ulong this[int register]
    {
        get => Hart.GetRegister(0, register);
        set => Hart.SetRegister(0, register, value);
    }

    /// <summary>Another hart of the same guest and engine.</summary>
    public ToyMachine Sibling() => new(_engine, Engine, Memory, false);

    public static IEngine Create(string engine, EngineOptions? options = null)
    {
        options ??= EngineOptions.Default;
        return engine switch
        {
            "interpreter" => new InterpreterEngine(ToyIsa.Instance, options),
            "baseline" => new BaselineEngine(new ToyLifter(), options with { CompileThreshold = 0 }),
            "uncounted" or "polls" => new BaselineEngine(new ToyLifter(), options with { CompileThreshold = 0, CountsInstructions = false }),
            "auto" => new BaselineEngine(new ToyLifter(), options with { CompileThreshold = 3 }),
            "region" => RegionEngine.Create(new ToyLifter(), options with { CompileThreshold = 0 }),
            "region-uncounted" or "region-polls" =>
                RegionEngine.Create(new ToyLifter(), options with { CompileThreshold = 0, CountsInstructions = false }),
            "block" => new BlockEngine(new ToyLifter(), options with { CompileThreshold = 0 }),
            _ => new BlockEngine(new ToyLifter(), options with { CompileThreshold = 3 }),
        };
    }

    public static uint Encode(ToyOperation operation, int a = 0, int b = 0, int immediate = 0)
    {
        ToyIsa.Instance.TryEncode(new Instruction { Operation = (ushort)operation, A = (byte)a, B = (byte)b, Immediate = immediate }, out var bits);
        return bits;
    }

    public void Write(ulong address, params ReadOnlySpan<uint> words)
    {
        for (var i = 0; i < words.Length; i++)
            Assert.True(Memory.TryWrite(address + 4 * (uint)i, words[i]));
    }

    public ExitReason Run(long budget = long.MaxValue)
    {
        using var scope = HostFaults.RegisterCurrentThread(State);
        return Engine.Run(Hart, budget);
    }

    /// <summary>Instructions that the hart has retired.</summary>
    public long Retired => State->RetiredBase - State->Budget;

    /// <summary>Since it had retired so many, runs without a budget have retired more.</summary>
    public void AssertRetired(long more, long since = 0)
    {
        if (Counts)
            Assert.Equal(more, Retired - since);
    }

    public void Dispose()
    {
        Hart.Dispose();
        if (_ownsMemory)
        {
            Engine.Dispose();
            Memory.Dispose();
        }
    }
}
