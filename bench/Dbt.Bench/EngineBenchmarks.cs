using BenchmarkDotNet.Attributes;
using Dbt.Isa;
using Dbt.Isa.Riscv;
using Dbt.Runtime.Faults;
using Dbt.Runtime.Memory;
using Dbt.Translator;
using Dbt.Translator.Engines;
using Dbt.Translator.Il.Blocks;
using Dbt.Translator.Semantics;

namespace Dbt.Bench;

/// <summary>Engines on hot code and on code that is new, per guest instruction.</summary>
public unsafe class EngineBenchmarks
{
    private const ulong Code = 0x10000;
    private const ulong Data = 0x40_0000;
    private const int Turns = 100_000;
    private const int LoopLength = 6;
    private const int NewCodeLength = 8_000;

    private GuestMemory _memory = null!;
    private Hart _hart = null!;
    private IEngine _engine = null!;

    /// <summary>Which engine.</summary>
    [Params("interpreter", "baseline", "block")]
    public string Engine { get; set; } = "";

    /// <summary>A machine without a system around it.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var isa = RiscvRv64.Instance;
        var options = EngineOptions.Default with { CompileThreshold = 0 };
        _engine = Engine switch
        {
            "baseline" => new BaselineEngine(GuestLifters.For(isa), options),
            "block" => new BlockEngine(GuestLifters.For(isa), options),
            _ => new InterpreterEngine(isa, options),
        };
        _memory = new GuestMemory(1 << 30);
        _memory.Map(Code, 0x10000, MemoryProtection.All, MapFlags.Fixed, out _);
        _memory.Map(Data, 0x1000, MemoryProtection.ReadWrite, MapFlags.Fixed, out _);
        _hart = new Hart(isa, isa.DefaultExtensions, _memory);
        _hart.State->Memory = _memory.Base;
        _hart.State->MemoryLimit = _memory.Size;
        Write(Code,
            0x00053283, // 1: ld t0, 0(a0)
            0x00b282b3, //    add t0, t0, a1
            0x00553023, //    sd t0, 0(a0)
            0xfff58593, //    addi a1, a1, -1
            0x00b64633, //    xor a2, a2, a1
            0xfe0596e3, //    bnez a1, 1b
            0x00000073); //   ecall
        // sh1add t0, t0, t0, again and again
        var straight = Enumerable.Repeat(0x2052a2b3u, NewCodeLength).Append(0x00000073u).ToArray();
        Write(Code + 0x1000, straight);
    }

    /// <summary>A loop with a load and a store that is translated already.</summary>
    [Benchmark(OperationsPerInvoke = Turns * LoopLength)]
    public ExitReason HotLoop()
    {
        (_hart["a0"], _hart["a1"]) = (Data, Turns);
        return Run(Code);
    }

    /// <summary>Straight code that was never seen: translated, and run once.</summary>
    [Benchmark(OperationsPerInvoke = NewCodeLength)]
    public ExitReason NewCode()
    {
        _engine.Invalidate(Code, 0x10000);
        return Run(Code + 0x1000);
    }

    /// <summary>Frees the machine.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _hart.Dispose();
        _engine.Dispose();
        _memory.Dispose();
    }

    private ExitReason Run(ulong pc)
    {
        using var faults = HostFaults.RegisterCurrentThread(_hart.State);
        _hart.State->Pc = pc;
        var exit = _engine.Run(_hart, long.MaxValue);
        return exit == ExitReason.EnvironmentCall ? exit : throw new InvalidOperationException($"The guest left with {exit}.");
    }

    private void Write(ulong address, params ReadOnlySpan<uint> words) =>
        _memory.TryWrite(address, System.Runtime.InteropServices.MemoryMarshal.AsBytes(words));
}
