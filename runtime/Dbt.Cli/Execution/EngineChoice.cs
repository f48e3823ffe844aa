using Dbt.Isa;
using Dbt.Translator;
using Dbt.Translator.Baseline;
using Dbt.Translator.Engines;
using Dbt.Translator.Explaining;
using Dbt.Translator.Hypercalls;
using Dbt.Translator.Semantics;
using Dbt.Translator.Systems;

namespace Dbt.Cli.Execution;

/// <summary>The engines by name. Those that emit IL are not even loaded unless they are chosen, and native builds have none.</summary>
internal static partial class EngineChoice
{
    /// <summary>What is used when nobody says otherwise.</summary>
    public const string Default = "auto";

    private const string Interpreter = "interpreter";
    private const string Baseline = "baseline";
    private const string Block = "block";
    private const string Region = "region";

    private static string[] IlEngines => [Block, Region];

    /// <summary>What <c>--engine</c> takes.</summary>
    public static string[] Names => [Default, Interpreter, .. Compilers];

    /// <summary>Engines that make host code.</summary>
    public static string[] Compilers => [.. BaselineEngine.IsSupported ? (string[])[Baseline] : [], .. HasIl ? IlEngines : []];

    /// <summary>The compiler whose code auto executes here; null when there is none.</summary>
    public static string? BestCompiler => Compilers.FirstOrDefault();

    /// <summary>What <c>--engine</c> takes where machines run.</summary>
    public static string[] SystemNames => [Default, Interpreter, .. SystemBaseline.IsSupported ? (string[])[Baseline] : []];

    private static bool HasIl
    {
        get
        {
            var exists = false;
            FindIl(ref exists);
            return exists;
        }
    }

    /// <summary>Whether the engine of that name makes host code, of which it tells an <see cref="ICodeListener"/>.</summary>
    public static bool MakesCode(string name) => Resolve(name) != Interpreter;

    /// <summary>
    /// Makes the engine of that name. <c>auto</c> interprets what is cold and has the host's best compiler do the rest;
    /// <c>baseline</c> compiles at first sight.
    /// </summary>
    public static IEngine Create(string name, GuestIsa isa, EngineOptions options)
    {
        if (name == Baseline)
            options = options with { CompileThreshold = 0 };
        name = Resolve(name);
        IEngine? engine = name switch
        {
            Interpreter => new InterpreterEngine(isa, options),
            Baseline => new BaselineEngine(GuestLifters.For(isa), options),
            _ => null,
        };
        if (engine is null)
            CreateIl(name, isa, options, ref engine);
        return engine ?? throw new ArgumentException($"There is no engine '{name}'.", nameof(name));
    }

    /// <summary>Makes the engine of that name for machines; as <see cref="Create"/>.</summary>
    public static SystemEngine CreateSystem(string name, GuestIsa isa, EngineOptions options)
    {
        if (name == Baseline)
            options = options with { CompileThreshold = 0 };
        return name == Interpreter || !SystemBaseline.IsSupported ? new SystemInterpreter(isa, options) : new SystemBaseline(GuestLifters.For(isa), options);
    }

    /// <summary>What shows the host code of the engine of that name, whose guest makes the calls of a table, if of any.</summary>
    public static IBlockExplainer CreateExplainer(
        string name, GuestIsa isa, ExtensionSet extensions, IGuestCode code, EngineOptions? options = null, HypercallTable? calls = null)
    {
        IBlockExplainer? explainer = name == Baseline ? new BaselineExplainer(GuestLifters.For(isa), extensions, code, options) { Hypercalls = calls } : null;
        if (explainer is null)
            CreateIlExplainer(name, isa, extensions, code, options, ref explainer);
        return explainer ?? throw new ArgumentException($"There is no compiler '{name}'.", nameof(name));
    }

    /// <summary>Why there is no engine of that name in this build; null when it has no such name anywhere.</summary>
    public static string? WhyNot(string name) =>
        IlEngines.Contains(name) && !HasIl ? $"the engine '{name}' emits IL, and this dbt is native code, without .NET's compiler for that" : null;

    /// <summary>Why there is no engine of that name for machines; null when there is none anywhere.</summary>
    public static string? WhyNotSystem(string name) =>
        IlEngines.Contains(name) ? $"the engine '{name}' does not run machines: their accesses go through page tables, which it does not know" : null;

    // The engine that auto means here.
    private static string Resolve(string name) => name != Default ? name : BestCompiler ?? Interpreter;

    // Implemented in EngineChoice.Il.cs, where there are engines that emit IL.
    static partial void FindIl(ref bool exists);

    static partial void CreateIl(string name, GuestIsa isa, EngineOptions options, ref IEngine? engine);

    static partial void CreateIlExplainer(string name, GuestIsa isa, ExtensionSet extensions, IGuestCode code, EngineOptions? options, ref IBlockExplainer? explainer);
}
