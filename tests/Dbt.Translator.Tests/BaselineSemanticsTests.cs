using Dbt.Semantics.Cases;
using Dbt.Translator.Engines;
using Dbt.Translator.Semantics;

namespace Dbt.Translator.Tests;

/// <summary>The table of cases on the baseline compiler.</summary>
public class BaselineSemanticsTests
{
    private static readonly EngineOptions CompileAtOnce = EngineOptions.Default with { CompileThreshold = 0 };

    public static TheoryData<string> Operations => [.. SemanticTable.All.Select(item => item.Mnemonic).Distinct()];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Does_what_the_table_says(string mnemonic) =>
        Assert.All(
            SemanticTable.All.Where(item => item.Mnemonic == mnemonic),
            item => SemanticRunner.Run(item, isa => new BaselineEngine(GuestLifters.For(isa), CompileAtOnce)));
}
