using System.Reflection.Emit;
using BenchmarkDotNet.Attributes;
using Dbt.Bench.Machines;
using Dbt.Isa;
using Dbt.Translator.Baseline;
using Dbt.Translator.Cache;
using Dbt.Translator.Engines;
using Dbt.Translator.HostCode;
using Dbt.Translator.Il.Blocks;
using Dbt.Translator.Il.Emission;
using Dbt.Translator.Il.Trees;
using Dbt.Translator.Semantics;

namespace Dbt.Bench;

/// <summary>Steps from guest bytes to host code, per guest instruction of one block: shifts, additions, loads and stores.</summary>
public unsafe class CompilerBenchmarks
{
    private const int Length = 60;
    private const int RegionBytes = 64 << 20;
    private const ulong Limit = 1UL << 40;

    private readonly GuestLifter _lifter = GuestLifters.For(BareMachine.Isa);
    private BareMachine _machine = null!;
    private BlockDecoder _decoder = null!;
    private CodeRegion _region = null!;
    private BlockCompiler _compiler = null!;
    private Arena _arena = null!;

    /// <summary>A block, and compilers with room.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _machine = new BareMachine("interpreter");
        uint[] words = [0x00053283, 0x00b282b3, 0x00553023, 0x00359593, 0x00b64633]; // ld, add, sd, slli, xor
        _machine.Write(BareMachine.Code, [.. Enumerable.Range(0, Length - 1).Select(i => words[i % words.Length]), 0x00000073]);
        _decoder = new BlockDecoder(BareMachine.Isa, BareMachine.Isa.DefaultExtensions, _machine.Memory, EngineOptions.Default.MaximumBlockLength, BaselineEngine.BranchesInTrace);
        _compiler = new BlockCompiler(_lifter);
        Renew();
    }

    /// <summary>Bytes to predecoded instructions.</summary>
    [Benchmark(OperationsPerInvoke = Length)]
    public ExitReason Decode() => _decoder.TryDecode(BareMachine.Code);

    /// <summary>Decoding, and emission of machine code.</summary>
    [Benchmark(OperationsPerInvoke = Length)]
    public int DecodeAndEmit()
    {
        _decoder.TryDecode(BareMachine.Code);
        var block = new BaselineBlock();
        block.Fill(_decoder, _arena);
        if (!_region.TryCompile(block, _arena, Limit))
        {
            Renew();
            _region.TryCompile(block, _arena, Limit);
        }
        return block.CodeLength;
    }

    /// <summary>Decoding, and generation of IL that nobody compiles.</summary>
    [Benchmark(OperationsPerInvoke = Length)]
    public DynamicMethod DecodeAndGenerateIl()
    {
        using var arena = new Arena();
        var block = Fill(arena);
        var builder = new BlockTreeBuilder(BareMachine.Isa);
        _lifter.Lift<BlockTreeBuilder, Node>(block.Instructions, ref builder);
        var statements = builder.Finish(block.End);
        var method = new DynamicMethod("guest", typeof(void), BlockEmitter.Parameters, typeof(BlockCompiler).Module, skipVisibility: true) { InitLocals = false };
        new BlockEmitter(new IlWriter(method.GetILGenerator(), null), builder.LocalCount, block.Code, _ => (nint)arena.Allocate(sizeof(Link))).Emit(statements, builder.AssumesNearestRounding);
        return method;
    }

    /// <summary>The same, and .NET's JIT compiler.</summary>
    [Benchmark(OperationsPerInvoke = Length)]
    public DynamicMethod DecodeGenerateAndJit()
    {
        using var arena = new Arena();
        return _compiler.Compile(Fill(arena), _ => (nint)arena.Allocate(sizeof(Link)));
    }

    /// <summary>Frees them.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _region.Dispose();
        _arena.Dispose();
        _machine.Dispose();
    }

    private Block Fill(Arena arena)
    {
        _decoder.TryDecode(BareMachine.Code);
        var block = new Block();
        block.Fill(_decoder, arena);
        return block;
    }

    private void Renew()
    {
        _region?.Dispose();
        _arena?.Dispose();
        _arena = new Arena();
        _region = new CodeRegion(_lifter, BareMachine.Isa.DefaultExtensions, RegionBytes, CodeMapping.Automatic, HostFeatures.Detected, false, false, false, null);
    }
}
