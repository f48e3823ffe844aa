using Dbt.Isa;

namespace Dbt.Lab.Corpora;

/// <summary>Stretches of a program's execution that can be repeated without it.</summary>
/// <param name="Isa">The guest.</param>
/// <param name="Extensions">Extensions that were on.</param>
/// <param name="Program">The program and its arguments, for people.</param>
/// <param name="Regions">The stretches, the hottest first.</param>
internal sealed record Corpus(GuestIsa Isa, ExtensionSet Extensions, string Program, IReadOnlyList<CapturedRegion> Regions);
