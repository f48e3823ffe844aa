using Dbt.Generators.Spec;

namespace Dbt.Generators.Tests;

/// <summary>Each rule has a spec that breaks it, and is reported exactly where.</summary>
public sealed class RuleTests
{
    public static TheoryData<string> Cases =>
        [.. Directory.GetFiles(SpecCase.Folder, "DBT*.isa").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Errors_are_reported_where_they_are(string name)
    {
        var spec = SpecCase.Load(name);
        var run = new GeneratorRun(spec.Files);
        Assert.NotEmpty(spec.Expected);
        Assert.Contains(spec.Expected, expected => expected.StartsWith(name[..6], StringComparison.Ordinal));
        Assert.Equal(spec.Expected, run.Errors);
    }

    [Fact]
    public void Every_rule_has_a_case_and_a_place_in_the_manual()
    {
        var manual = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Manual", "README.md"));
        var names = Directory.GetFiles(SpecCase.Folder, "DBT*.isa").Select(Path.GetFileNameWithoutExtension).ToArray();
        foreach (var id in SpecRules.All.Keys)
        {
            Assert.Contains(id, manual);
            // A wrong DbtPrinters property stands in no spec.
            if (id != "DBT311")
                Assert.Contains(names, name => name!.StartsWith(id, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void An_unknown_printer_is_reported()
    {
        var run = new GeneratorRun([], "isa,decodr");
        var error = Assert.Single(run.Result.Diagnostics);
        Assert.Equal("DBT311", error.Id);
        Assert.Contains("Did you mean 'decoder'?", error.GetMessage());
    }

    [Fact]
    public void Messages_name_what_was_meant()
    {
        var run = new GeneratorRun(SpecCase.Load("DBT106-unknown-field").Files);
        Assert.Contains("Did you mean 'rs2'?", Assert.Single(run.Result.Diagnostics).GetMessage());
    }

    [Fact]
    public void Nothing_is_printed_from_a_wrong_spec() =>
        Assert.Empty(new GeneratorRun(SpecCase.Load("DBT106-unknown-field").Files).Result.GeneratedSources);
}
