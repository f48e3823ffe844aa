namespace Dbt.Fuzz.Programs;

/// <summary>Makes random programs: the same seed and style give the same program. Safe from any thread.</summary>
internal sealed class ProgramGenerator(OperationCatalog catalog)
{
    public OperationCatalog Catalog { get; } = catalog;

    public GuestProgram Generate(ulong seed, ProgramStyle style)
    {
        var random = new RandomSource(RandomSource.Derive(seed, (ulong)style));
        var steps = new ProgramBuilder(Catalog, random, style).Build();
        return new GuestProgram(seed, style, steps, StartState.Create(random));
    }
}
