namespace Dbt.Fuzz.Programs;

/// <summary>A random program, not yet at an address.</summary>
/// <param name="Seed">What it was made from, with the style.</param>
/// <param name="Style">What it may do.</param>
/// <param name="Steps">Its instructions.</param>
/// <param name="Start">What it finds.</param>
internal sealed record GuestProgram(ulong Seed, ProgramStyle Style, IReadOnlyList<Step> Steps, StartState Start)
{
    /// <summary>The same program without some groups of steps: what led to them leads to what follows them.</summary>
    public GuestProgram Without(Func<int, bool> isDropped)
    {
        var place = new int[Steps.Count + 1];
        var kept = 0;
        for (var i = 0; i < Steps.Count; i++)
        {
            place[i] = kept;
            if (!isDropped(Steps[i].Group))
                kept++;
        }
        place[^1] = kept;
        var steps = new List<Step>();
        foreach (var step in Steps)
            if (!isDropped(step.Group))
                steps.Add(new Step(step.Instruction, step.Group)
                {
                    Target = step.Target < 0 ? -1 : place[step.Target],
                    Distance = step.Distance,
                    Addend = step.Addend,
                });
        return this with { Steps = steps };
    }
}
