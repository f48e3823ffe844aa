using Dbt.Isa;
using Dbt.Isa.Riscv;
using Dbt.Runtime.Faults;
using Dbt.Runtime.Memory;
using Dbt.Translator.Engines;
using Dbt.Translator.HostCode;
using Dbt.Translator.Il.Blocks;
using Dbt.Translator.Il.Regions;
using Dbt.Translator.Semantics;
using Dbt.Translator.Tests.HostCode;

namespace Dbt.Translator.Tests.Riscv;

/// <summary>A RISC-V hart with memory and an engine, without a system around it.</summary>
internal sealed unsafe class RiscvMachine : IDisposable
{
    public const ulong Code = 0x10000;
    public const ulong CodeSize = 0x200000;
    public const ulong Data = 0x40_0000;
    public const ulong DataSize = 0x2000;

    public RiscvMachine(string engine, GuestIsa? isa = null, EngineOptions? options = null)
    {
        Isa = isa ?? RiscvRv64.Instance;
        Engine = Create(engine, Isa, options);
        Memory = new GuestMemory(1 << 30);
        Memory.Map(Code, CodeSize, MemoryProtection.All, MapFlags.Fixed, out _);
        Memory.Map(Data, DataSize, MemoryProtection.ReadWrite, MapFlags.Fixed, out _);
        Hart = new Hart(Isa, Isa.DefaultExtensions, Memory);
        State->Memory = Memory.Base;
        State->MemoryLimit = Memory.Size;
        State->Pc = Code;
        Hart.Poll.FailsAlways = engine == "polls";
    }

    /// <summary>
    /// An engine by name; <c>baseline-v1</c> and so on is the baseline compiler on a host of that level; <c>uncounted</c> polls instead of counting, and
    /// every poll of <c>polls</c> fails; <c>alone</c> shares its memory with nobody, nor does <c>uncounted</c>.
    /// </summary>
    public static IEngine Create(string engine, GuestIsa isa, EngineOptions? options = null)
    {
        options ??= EngineOptions.Default with { CompileThreshold = 0 };
        return engine switch
        {
            "interpreter" => new InterpreterEngine(isa, options),
            "baseline" => new BaselineEngine(GuestLifters.For(isa), options),
            "baseline-v1" or "baseline-v2" or "baseline-v3" =>
                new BaselineEngine(GuestLifters.For(isa), options, HostLevels.Of(engine["baseline-".Length..])),
            "uncounted" => new BaselineEngine(GuestLifters.For(isa), options with { CountsInstructions = false, SharesMemory = false }),
            "polls" => new BaselineEngine(GuestLifters.For(isa), options with { CountsInstructions = false }),
            "alone" => new BaselineEngine(GuestLifters.For(isa), options with { SharesMemory = false }),
            "auto" => new BaselineEngine(GuestLifters.For(isa), options with { CompileThreshold = 1 }),
            "baseline-two-views" => new BaselineEngine(GuestLifters.For(isa), options, HostFeatures.Detected, CodeMapping.TwoViews),
            "region" => RegionEngine.Create(GuestLifters.For(isa), options),
            _ => new BlockEngine(GuestLifters.For(isa), options),
        };
    }

    public GuestIsa Isa { get; }

    public IEngine Engine { get; }

    public GuestMemory Memory { get; }

    public Hart Hart { get; }

    public HartHeader* State => Hart.State;

    /// <summary>Instructions that the hart has retired.</summary>
    public long Retired => State->RetiredBase - State->Budget;

    public void Write(ulong address, ReadOnlySpan<byte> bytes) => Assert.True(Memory.TryWrite(address, bytes));

    public void Write(ulong address, params ReadOnlySpan<uint> words) => Write(address, System.Runtime.InteropServices.MemoryMarshal.AsBytes(words));

    /// <summary>A view of guest memory.</summary>
    public ReadOnlySpan<byte> MemoryOf(ulong address, ulong length) => new(Memory.Base + address, (int)length);

    public ExitReason Run(long budget = long.MaxValue)
    {
        using var scope = HostFaults.RegisterCurrentThread(State);
        return Engine.Run(Hart, budget);
    }

    public void Dispose()
    {
        Hart.Dispose();
        Engine.Dispose();
        Memory.Dispose();
    }
}
