using System.Runtime.CompilerServices;
using Dbt.Isa;
using Dbt.Translator;
using Dbt.Translator.Baseline;
using Dbt.Translator.Engines;
using Dbt.Translator.Explaining;
using Dbt.Translator.Semantics;

namespace Dbt.Cli.Execution;

/// <summary>The engines by name. Those that emit IL are not even loaded unless they are chosen.</summary>
internal static class EngineChoice
{
    /// <summary>What is used when nobody says otherwise: what starts fast and runs fast, where it exists.</summary>
    public static string Default => BaselineEngine.IsSupported ? Baseline : Block;

    private const string Interpreter = "interpreter";
    private const string Baseline = "baseline";
    private const string Block = "block";

    /// <summary>What <c>--engine</c> takes.</summary>
    public static string[] Names => BaselineEngine.IsSupported ? [Interpreter, Baseline, Block] : [Interpreter, Block];

    /// <summary>Makes the engine of that name.</summary>
    public static IEngine Create(string name, GuestIsa isa, EngineOptions options) =>
        name switch
        {
            Baseline => new BaselineEngine(GuestLifters.For(isa), options),
            Block => CreateBlock(isa, options),
            _ => new InterpreterEngine(isa, options),
        };

    /// <summary>Engines that make host code.</summary>
    public static string[] Compilers => BaselineEngine.IsSupported ? [Baseline, Block] : [Block];

    /// <summary>The one of them that is meant when nobody says otherwise.</summary>
    public static string DefaultCompiler => Compilers[0];

    /// <summary>What shows the host code of the engine of that name.</summary>
    public static IBlockExplainer CreateExplainer(string name, GuestIsa isa, ExtensionSet extensions, IGuestCode code, EngineOptions? options = null) =>
        name == Baseline
            ? new BaselineExplainer(GuestLifters.For(isa), extensions, code, options)
            : new Translator.Il.Blocks.BlockExplainer(GuestLifters.For(isa), extensions, code, options);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IEngine CreateBlock(GuestIsa isa, EngineOptions options) => new Translator.Il.Blocks.BlockEngine(GuestLifters.For(isa), options);
}
