using Dbt.Cli.Errors;
using Dbt.Cli.Execution;
using Dbt.Isa;
using Dbt.Translator;
using Dbt.Translator.Engines;
using Dbt.Translator.Explaining;

namespace Dbt.Cli.Commands.Lab;

/// <summary>An engine with options as the laboratory's user names it: <c>baseline</c>, <c>block+trusted</c>.</summary>
/// <param name="Engine">Name of the engine.</param>
/// <param name="Options">Its settings.</param>
/// <param name="Text">As it was typed.</param>
internal sealed record EngineSpec(string Engine, EngineOptions Options, string Text)
{
    private const string Trusted = "trusted";
    private const string Tiered = "tiered";

    /// <summary>What a spec may look like, for help.</summary>
    public const string Form = "ENGINE[+trusted][+tiered]";

    /// <summary>Reads one; null when it does not begin with an engine's name.</summary>
    /// <exception cref="UserException">It has an option that there is not.</exception>
    public static EngineSpec? TryParse(string text)
    {
        var words = text.Split('+');
        if (!EngineChoice.Names.Contains(words[0]))
            return null;
        // Regions are known to be hot.
        var options = new EngineOptions { MeasuresTime = true, CompileThreshold = words[0] == EngineChoice.Default ? null : 0 };
        foreach (var word in words[1..])
        {
            options = word switch
            {
                Trusted => options with { TrustsGuest = true },
                Tiered => options with { CompileThreshold = null },
                _ => throw UserException.Usage($"'{text}' has an unknown option '{word}'", $"it is {Form}"),
            };
        }
        return new EngineSpec(words[0], options, text);
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="UserException">There is no such engine or option.</exception>
    public static EngineSpec Parse(string text) => TryParse(text)
        ?? throw UserException.Usage(EngineChoice.WhyNot(text) ?? $"no engine '{text}'", $"one of {string.Join(", ", EngineChoice.Names)}, with +trusted or +tiered behind it");

    /// <summary>Makes the engine.</summary>
    public IEngine Create(GuestIsa isa, ICodeListener listener) => EngineChoice.Create(Engine, isa, Options with { CodeListener = listener });

    /// <summary>What shows its code; null for an engine without.</summary>
    public IBlockExplainer? CreateExplainer(GuestIsa isa, ExtensionSet extensions, IGuestCode code)
    {
        var compiler = Engine == EngineChoice.Default ? EngineChoice.BestCompiler : Engine;
        return compiler is not null && EngineChoice.Compilers.Contains(compiler) ? EngineChoice.CreateExplainer(compiler, isa, extensions, code, Options) : null;
    }
}
