using Dbt.Isa;
using Dbt.Translator.Engines;

namespace Dbt.Translator.Systems;

/// <summary>Interprets harts in system mode: the oracle for the engines that compile, and what a host has for which there is no compiler.</summary>
/// <param name="isa">The guest's instruction set; every hart must have it.</param>
/// <param name="options">Settings; the defaults when null.</param>
public sealed class SystemInterpreter(GuestIsa isa, EngineOptions? options = null) : SystemEngine(isa, options)
{
    /// <inheritdoc/>
    public override string Name => "interpreter";
}
