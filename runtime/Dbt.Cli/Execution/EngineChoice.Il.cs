using System.Runtime.CompilerServices;
using Dbt.Isa;
using Dbt.Translator;
using Dbt.Translator.Engines;
using Dbt.Translator.Explaining;
using Dbt.Translator.Il.Blocks;
using Dbt.Translator.Il.Regions;
using Dbt.Translator.Semantics;

namespace Dbt.Cli.Execution;

// Not compiled into native builds, see Dbt.Cli.csproj.
internal static partial class EngineChoice
{
    static partial void FindIl(ref bool exists) => exists = true;

    [MethodImpl(MethodImplOptions.NoInlining)]
    static partial void CreateIl(string name, GuestIsa isa, EngineOptions options, ref IEngine? engine) =>
        engine = name == Region ? RegionEngine.Create(GuestLifters.For(isa), options) : new BlockEngine(GuestLifters.For(isa), options);

    [MethodImpl(MethodImplOptions.NoInlining)]
    static partial void CreateIlExplainer(string name, GuestIsa isa, ExtensionSet extensions, IGuestCode code, EngineOptions? options, ref IBlockExplainer? explainer) =>
        explainer = name == Region
            ? new RegionExplainer(GuestLifters.For(isa), extensions, code, options)
            : new BlockExplainer(GuestLifters.For(isa), extensions, code, options);
}
