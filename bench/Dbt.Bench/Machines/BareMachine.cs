using System.Runtime.InteropServices;
using Dbt.Isa;
using Dbt.Isa.Riscv;
using Dbt.Runtime.Faults;
using Dbt.Runtime.Memory;
using Dbt.Translator;
using Dbt.Translator.Baseline;
using Dbt.Translator.Engines;
using Dbt.Translator.Explaining;
using Dbt.Translator.Il.Blocks;
using Dbt.Translator.Semantics;

namespace Dbt.Bench.Machines;

/// <summary>A hart with code, data and an engine, and no system around it.</summary>
internal sealed unsafe class BareMachine : IDisposable
{
    /// <summary>Where code begins.</summary>
    public const ulong Code = 0x10000;

    /// <summary>Bytes of it.</summary>
    public const int CodeBytes = 0x10000;

    /// <summary>Where data begins: a mebibyte.</summary>
    public const ulong Data = 0x40_0000;

    private readonly GuestMemory _memory = new(1 << 30);
    private readonly string _engineName;
    private readonly EngineOptions _options;

    /// <summary>A machine whose engine compiles at first sight.</summary>
    public BareMachine(string engine, EngineOptions? options = null)
    {
        _engineName = engine;
        _options = (options ?? EngineOptions.Default) with { CompileThreshold = 0 };
        Engine = engine switch
        {
            "baseline" => new BaselineEngine(GuestLifters.For(Isa), _options),
            "block" => new BlockEngine(GuestLifters.For(Isa), _options),
            _ => new InterpreterEngine(Isa, _options),
        };
        _memory.Map(Code, CodeBytes, MemoryProtection.All, MapFlags.Fixed, out _);
        _memory.Map(Data, 1 << 20, MemoryProtection.ReadWrite, MapFlags.Fixed, out _);
        Hart = new Hart(Isa, Isa.DefaultExtensions, _memory);
        Hart.State->Memory = _memory.Base;
        Hart.State->MemoryLimit = _memory.Size;
    }

    /// <summary>The guest.</summary>
    public static GuestIsa Isa => RiscvRv64.Instance;

    /// <summary>The hart.</summary>
    public Hart Hart { get; }

    /// <summary>The engine.</summary>
    public IEngine Engine { get; }

    /// <summary>Where code is fetched from.</summary>
    public IGuestCode Memory => _memory;

    /// <summary>Shows what the engine makes of code; null for an engine without a compiler.</summary>
    public IBlockExplainer? Explainer => _engineName switch
    {
        "baseline" => new BaselineExplainer(GuestLifters.For(Isa), Isa.DefaultExtensions, _memory, _options),
        "block" => new BlockExplainer(GuestLifters.For(Isa), Isa.DefaultExtensions, _memory, _options),
        _ => null,
    };

    /// <summary>Writes instructions.</summary>
    public void Write(ulong address, params ReadOnlySpan<uint> words) => _memory.TryWrite(address, MemoryMarshal.AsBytes(words));

    /// <summary>Runs from an address to the first environment call.</summary>
    /// <param name="pc">The address.</param>
    /// <param name="times">How often.</param>
    public ExitReason Run(ulong pc, int times = 1)
    {
        using var faults = HostFaults.RegisterCurrentThread(Hart.State);
        for (var i = 0; i < times; i++)
        {
            Hart.State->Pc = pc;
            if (Engine.Run(Hart, long.MaxValue) is not ExitReason.EnvironmentCall and var exit)
                throw new InvalidOperationException($"The guest left with {exit}.");
        }
        return ExitReason.EnvironmentCall;
    }

    /// <summary>Frees it.</summary>
    public void Dispose()
    {
        Hart.Dispose();
        Engine.Dispose();
        _memory.Dispose();
    }
}
