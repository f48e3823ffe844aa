using Microsoft.CodeAnalysis;

namespace Dbt.Generators.Tests;

/// <summary>An edit of one extension prints that extension again and no other.</summary>
public sealed class CachingTests
{
    private static readonly string[] printers = ["isa", "decoder", "encoder", "disassembler", "interpreter", "reference"];

    private static readonly (string Path, string Text)[] files =
    [
        ("/specs/toy/toy.isa", File.ReadAllText(Path.Combine(SpecCase.Folder, "toy.isa"))),
        ("/specs/toy/one.isa", Extension("One", "0000001")),
        ("/specs/toy/two.isa", Extension("Two", "0000010")),
        ("/specs/toy/three.isa", Extension("Three", "0000011")),
    ];

    [Fact]
    public void An_edit_of_one_extension_prints_only_that_one_again()
    {
        var run = new GeneratorRun(files);
        Assert.Empty(run.Errors);
        run.Edit("/specs/toy/two.isa", Extension("Two", "0000100"));
        Assert.Empty(run.Errors);
        foreach (var printer in printers)
        {
            var steps = run.Steps(TrackingNames.Fragment(printer));
            Assert.Equal(3, steps.Count(step => step.Reason != IncrementalStepRunReason.Removed));
            foreach (var (value, reason) in steps)
                if (value.ToString()!.Contains("Extension = Two", StringComparison.Ordinal))
                    Assert.NotEqual(IncrementalStepRunReason.Cached, reason);
                else
                    Assert.Equal(IncrementalStepRunReason.Cached, reason);
        }
    }

    [Fact]
    public void A_new_field_elsewhere_reads_the_others_again_but_prints_nothing_of_them()
    {
        var run = new GeneratorRun(files);
        run.Edit("/specs/toy/two.isa", Extension("Two", "0000010") + "field extra 31:30 unsigned\n");
        Assert.Empty(run.Errors);
        Assert.All(run.Steps(TrackingNames.Fragment("decoder")), step => Assert.NotEqual(IncrementalStepRunReason.Modified, step.Reason));
    }

    [Fact]
    public void A_comment_changes_nothing_but_the_fingerprint()
    {
        var run = new GeneratorRun(files);
        run.Edit("/specs/toy/two.isa", Extension("Two", "0000010") + "// a remark\n");
        Assert.All(run.Steps(TrackingNames.Extension), step =>
            Assert.Contains(step.Reason, new[] { IncrementalStepRunReason.Cached, IncrementalStepRunReason.Unchanged }));
        Assert.All(run.Steps(TrackingNames.Fragment("isa")), step => Assert.Equal(IncrementalStepRunReason.Cached, step.Reason));
    }

    private static string Extension(string name, string function) => $"""
        extension {name} ratified "1" "{name}"
        {name.ToLowerInvariant()}.add | {function} rs2 rs1 000 rd 0110011 | rd, rs1, rs2 | rd = rs1 + rs2;

        """;
}
