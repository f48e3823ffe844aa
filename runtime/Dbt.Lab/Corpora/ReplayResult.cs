namespace Dbt.Lab.Corpora;

/// <summary>What one engine made of a corpus.</summary>
/// <param name="Engine">The engine and its options, as the user named them.</param>
/// <param name="Build">The build of Dbt that it was.</param>
/// <param name="Corpus">SHA-256 of the corpus, hexadecimal: only figures of the same work can be compared.</param>
/// <param name="Regions">Its regions, the hottest first.</param>
internal sealed record ReplayResult(string Engine, string Build, string Corpus, IReadOnlyList<ReplayedRegion> Regions);
