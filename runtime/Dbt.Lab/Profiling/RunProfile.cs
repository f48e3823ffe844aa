using Dbt.Isa;
using Dbt.Lab.Code;
using Dbt.Translator.Engines;

namespace Dbt.Lab.Profiling;

/// <summary>What is known of a run.</summary>
internal sealed record RunProfile
{
    /// <summary>The program and its arguments.</summary>
    public required string Command { get; init; }

    /// <summary>The guest.</summary>
    public required GuestIsa Isa { get; init; }

    /// <summary>Name of the engine that ran it.</summary>
    public required string Engine { get; init; }

    /// <summary>Name of the compiler whose translations are shown.</summary>
    public required string Compiler { get; init; }

    /// <summary>The guest's exit code.</summary>
    public required int ExitCode { get; init; }

    /// <summary>How long it ran.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>What the engine counted.</summary>
    public required EngineStatistics Statistics { get; init; }

    /// <summary>How many samples the estimates are made from.</summary>
    public required long Samples { get; init; }

    /// <summary>The hottest translations, hottest first.</summary>
    public required IReadOnlyList<ProfiledUnit> Units { get; init; }

    /// <summary>The guest code of <see cref="Units"/>, with names.</summary>
    public required CodeImage Image { get; init; }

    /// <summary>Prints it.</summary>
    public required Disassembler Disassembler { get; init; }
}
