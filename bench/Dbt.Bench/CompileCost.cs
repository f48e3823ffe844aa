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
        Console.WriteLine("ns per guest instruction       decoding  compiling  bytes allocated");
        Print("first pass", Pass(text));
        var passes = Enumerable.Range(1, Passes).Select(_ => Pass(text)).ToArray();
        Print($"lowest of {Passes} more", (passes.Min(pass => pass.Decoding), passes.Min(pass => pass.Compiling), passes.Min(pass => pass.Allocated)));
    }

    private static void Print(string what, (double Decoding, double Compiling, double Allocated) cost) =>
        Console.WriteLine($"{what,-26} {cost.Decoding,12:0} {cost.Compiling,10:0} {cost.Allocated,16:0.0}");

    private static (double Decoding, double Compiling, double Allocated) Pass(ProgramText text)
    {
        var isa = RiscvRv64.Instance;
        using var cache = new TranslationCache<BaselineBlock>();
        using var region = new CodeRegion(
            GuestLifters.For(isa), isa.DefaultExtensions, RegionBytes, CodeMapping.Automatic, HostFeatures.Detected, false, false, null);
        var decoder = new BlockDecoder(isa, isa.DefaultExtensions, text, EngineOptions.Default.MaximumBlockLength, BaselineEngine.BranchesInTrace);
        long instructions = 0, decoding = 0, compiling = 0;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var pc = text.Start; pc < text.Start + text.Length;)
        {
            var started = Stopwatch.GetTimestamp();
            if (decoder.TryDecode(pc) != ExitReason.None)
                break;
            var block = cache.Add(decoder);
            var decoded = Stopwatch.GetTimestamp();
            if (!region.TryCompile(block, cache.Arena, ulong.MaxValue))
                break;
            compiling += Stopwatch.GetTimestamp() - decoded;
            decoding += decoded - started;
            instructions += block.TraceLength;
            pc = block.End;
        }
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        var unit = 1e9 / Stopwatch.Frequency / instructions;
        return (decoding * unit, compiling * unit, (double)allocated / instructions);
    }
}
