using Dbt.Translator.Explaining;

namespace Dbt.Lab.Profiling;

/// <summary>A translation with what a run has told of it.</summary>
/// <param name="Translation">The translation: a block, a trace or a region.</param>
/// <param name="Name">Guest symbol of its start; null when it has none.</param>
/// <param name="Weight">Guest instructions that were executed in it, estimated.</param>
/// <param name="Share">The same as a fraction of the run.</param>
/// <param name="IsTranslated">Whether the run translated it; else it was interpreted, being too cold.</param>
/// <param name="Counts">By guest address, how often the instruction there was executed, in this translation or another, estimated.</param>
/// <param name="Cut">Why it ends where it does.</param>
internal sealed record ProfiledUnit(
    BlockExplanation Translation, string? Name, long Weight, double Share, bool IsTranslated, IReadOnlyDictionary<ulong, long> Counts, string Cut);
