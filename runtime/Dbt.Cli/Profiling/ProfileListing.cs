using System.Globalization;
using Dbt.Lab.Listings;
using Dbt.Lab.Profiling;

namespace Dbt.Cli.Profiling;

/// <summary>The hottest translations of a run as text.</summary>
internal static class ProfileListing
{
    /// <summary>Writes them, hottest first.</summary>
    public static void Write(TextWriter output, RunProfile profile)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{profile.Statistics.Instructions:n0} guest instructions in {profile.Elapsed.TotalSeconds:f3} s, {profile.Samples:n0} samples; exit code {profile.ExitCode}"));
        foreach (var tier in profile.Statistics.Tiers)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{tier.Name}: {tier.Instructions:n0} instructions; left for {string.Join(", ", tier.Exits.Select(exit => $"{ExitCauses.NameOf(exit.Key)} ({exit.Value})"))}"));
        output.WriteLine();
        for (var i = 0; i < profile.Units.Count; i++)
        {
            var unit = profile.Units[i];
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"#{i + 1}  {unit.Share:p1} of the instructions; its start was executed about {unit.Counts.GetValueOrDefault(unit.Translation.Start):n0} times{(unit.IsTranslated ? "" : "; too cold to be compiled")}"));
            output.WriteLine($"    cut where it is because {unit.Cut}");
            foreach (var remark in unit.Translation.Remarks)
                output.WriteLine($"    {remark}");
            new BlockListing(unit.Translation, profile.Image, profile.Disassembler).WriteSideBySide(output);
        }
    }
}
