using System.Diagnostics;
using Dbt.Isa;
using Dbt.Isa.Riscv;
using Dbt.Translator.Baseline;
using Dbt.Translator.Cache;
using Dbt.Translator.Engines;
using Dbt.Translator.HostCode;
using Dbt.Translator.Semantics;

namespace Dbt.Bench;

/// <summary>
/// What the baseline compiler takes per guest instruction of a program's .text, the first time in the process and later. BenchmarkDotNet
/// does not know first times, and its processes are not compiled ahead as <c>dbt</c> is.
/// </summary>
internal static unsafe class CompileCost
{
    private const int Passes = 30;
    private const int RegionBytes = 64 << 20;

    /// <summary>Prints the cost of decoding and of compiling.</summary>
    public static void Report(string path)
    {
        var text = new ProgramText(path);
        var first = Pass(text);
        var passes = Enumerable.Range(1, Passes).Select(_ => Pass(text)).ToArray();
        Console.WriteLine(
            $"{first.Instructions} instructions in {first.Blocks} traces, {(double)first.HostBytes / first.Instructions:0.0} bytes of host code each");
        Console.WriteLine("ns per guest instruction       decoding  compiling  bytes allocated");
        Print("first pass", first.Decoding, first.Compiling, first);
        Print($"lowest of {Passes} more", passes.Min(pass => pass.Decoding), passes.Min(pass => pass.Compiling), passes[^1]);
    }

    private static void Print(string what, double decoding, double compiling, in Cost cost) =>
        Console.WriteLine($"{what,-26} {decoding,12:0.0} {compiling,10:0.0} {cost.Allocated,16:0.0}");

    // As the engine does: basic blocks first, which become traces when they are compiled. The clock is read around each of both for all
    // blocks: a block takes about as long as reading it.
    private static Cost Pass(ProgramText text)
    {
        var isa = RiscvRv64.Instance;
        using var cache = new TranslationCache<BaselineBlock>();
        using var region = new CodeRegion(
            GuestLifters.For(isa), isa.DefaultExtensions, RegionBytes, CodeMapping.Automatic, HostFeatures.Detected, false, false, false, null);
        var longest = EngineOptions.Default.MaximumBlockLength;
        var decoder = new BlockDecoder(isa, isa.DefaultExtensions, text, longest);
        var traces = new BlockDecoder(isa, isa.DefaultExtensions, text, longest, BaselineEngine.BranchesInTrace);
        var blocks = new BaselineBlock[text.Length / 2];
        int count = 0, decoded = 0, compiled = 0;
        var before = region.UsedBytes;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        for (var pc = text.Start; pc < text.Start + text.Length && decoder.TryDecode(pc) == ExitReason.None; pc = blocks[count++].End)
        {
            blocks[count] = cache.Add(decoder);
            decoded += blocks[count].InstructionCount;
        }
        var between = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            if (traces.TryExtend(blocks[i]))
                cache.Extend(blocks[i], traces);
            if (!region.TryCompile(blocks[i], cache.Arena, ulong.MaxValue))
                break;
            compiled += blocks[i].TraceLength;
        }
        var ended = Stopwatch.GetTimestamp();
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        var unit = 1e9 / Stopwatch.Frequency;
        return new Cost(
            compiled, count, region.UsedBytes - before, (between - started) * unit / decoded, (ended - between) * unit / compiled,
            (double)allocated / decoded);
    }

    /// <summary>What a pass took.</summary>
    private sealed record Cost(int Instructions, int Blocks, int HostBytes, double Decoding, double Compiling, double Allocated);
}
