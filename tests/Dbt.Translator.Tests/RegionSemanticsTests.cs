using Dbt.Semantics.Cases;
using Dbt.Translator.Engines;
using Dbt.Translator.Il.Regions;
using Dbt.Translator.Semantics;

namespace Dbt.Translator.Tests;

/// <summary>The table of cases on regions, and on the engine below where a region has no code for an operation.</summary>
public class RegionSemanticsTests
{
    private static readonly EngineOptions s_options = EngineOptions.Default with { CompileThreshold = 0 };

    public static TheoryData<string> Operations => [.. SemanticTable.All.Select(item => item.Mnemonic).Distinct()];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Does_what_the_table_says(string mnemonic) =>
        Assert.All(
            SemanticTable.All.Where(item => item.Mnemonic == mnemonic),
            item => SemanticRunner.Run(item, isa => RegionEngine.Create(GuestLifters.For(isa), s_options), BaselineSemanticsTests.Run));
}
