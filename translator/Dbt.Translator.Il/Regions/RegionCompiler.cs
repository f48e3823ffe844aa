using System.Diagnostics;
using System.Globalization;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Dbt.Isa;
using Dbt.Translator.Il.Blocks;
using Dbt.Translator.Il.Emission;
using Dbt.Translator.Semantics;

namespace Dbt.Translator.Il.Regions;

/// <summary>Compiles regions, one DynamicMethod each. Any thread may call it.</summary>
/// <param name="lifter">The guest's semantics.</param>
/// <param name="extensions">Extensions that are on.</param>
/// <param name="code">Where instructions come from.</param>
/// <param name="limit">The <see cref="HartHeader.MemoryLimit"/> of all harts.</param>
/// <param name="trusted">Addresses are not compared with it.</param>
/// <param name="counts">Instructions are taken off the budget; otherwise code polls where it jumps back.</param>
internal sealed unsafe class RegionCompiler(GuestLifter lifter, ExtensionSet extensions, IGuestCode code, ulong limit, bool trusted, bool counts)
{
    // Far from the JIT compiler's limits.
    private const int MostInstructions = 400;

    /// <summary>Compiles the region of an address; null when there is none.</summary>
    /// <param name="pc">The address.</param>
    /// <param name="newLink">Makes a link that leads to a guest address.</param>
    /// <param name="text">Gets the IL as text; null when nobody reads it.</param>
    public CompiledRegion? Compile(ulong pc, Func<ulong, nint> newLink, List<string>? text = null)
    {
        var started = Stopwatch.GetTimestamp();
        if (new RegionFinder(lifter, extensions, code, MostInstructions).Find(pc) is not { } region)
            return null;
        RegionLiveness.Analyze(region, counts);
        if (!trusted)
        {
            RegionBounds.Analyze(region, limit);
            // What is compared in front of blocks may leave there.
            RegionLiveness.Analyze(region, counts);
        }
        var links = new List<nint>();
        var name = string.Create(CultureInfo.InvariantCulture, $"region_{pc:x}");
        var method = new DynamicMethod(name, typeof(void), BlockEmitter.Parameters, typeof(RegionCompiler).Module, skipVisibility: true) { InitLocals = false };
        var il = new IlWriter(method.GetILGenerator(), text);
        new RegionEmitter(region, il, LinkTo, limit, trusted, counts).Emit();
        RuntimeHelpers.PrepareMethod(BlockCompiler.GetMethodDescriptor(method));
        return new CompiledRegion(region, counts, method, BlockCompiler.EntryOf(method), [.. links]) { CompileTime = Stopwatch.GetElapsedTime(started) };

        nint LinkTo(ulong target)
        {
            var link = newLink(target);
            links.Add(link);
            return link;
        }
    }
}
