using Dbt.Isa;
using Dbt.Translator.Cache;
using Dbt.Translator.Engines;
using Dbt.Translator.Explaining;
using Dbt.Translator.Il.Blocks;
using Dbt.Translator.Semantics;

namespace Dbt.Translator.Il.Regions;

/// <summary>Compiles regions as the <see cref="RegionEngine"/> does, to be read and not to be run.</summary>
/// <param name="lifter">The guest's trees.</param>
/// <param name="extensions">Extensions that are on.</param>
/// <param name="code">Where instructions come from.</param>
/// <param name="options">Settings; the defaults when null.</param>
public sealed unsafe class RegionExplainer(GuestLifter lifter, ExtensionSet extensions, IGuestCode code, EngineOptions? options = null) : IBlockExplainer
{
    // A window as large as the runtime's is by default.
    private const ulong Limit = 1UL << 40;

    /// <inheritdoc/>
    public BlockExplanation? Explain(ulong pc)
    {
        var settings = options ?? EngineOptions.Default;
        using var memory = new Arena();
        var il = new List<string>();
        var compiler = new RegionCompiler(lifter, extensions, code, Limit, settings.TrustsGuest, settings.CountsInstructions);
        if (compiler.Compile(pc, NewLink, il) is not { } region)
            return null;
        var bytes = Blocks.HostCode.Copy(region.Code, BlockCompiler.GetMethodDescriptor(region.Method));
        GC.KeepAlive(region.Method);
        return new BlockExplanation(pc, region.Predecoded, region.Source[0].Bytes, (ulong)region.Code, bytes) { Il = il, CompileTime = region.CompileTime };

        nint NewLink(ulong target)
        {
            var link = (RegionLink*)memory.Allocate(sizeof(RegionLink));
            link->Out = new RegionWay { Target = target };
            link->Way = &link->Out;
            return (nint)link;
        }
    }
}
