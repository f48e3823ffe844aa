using Dbt.Semantics.Cases;
using Dbt.Translator.Engines;

namespace Dbt.Isa.Tests.Semantics;

/// <summary>The table of cases on the interpreter.</summary>
public class InterpreterSemanticsTests
{
    public static TheoryData<string> Operations => [.. SemanticTable.All.Select(item => item.Mnemonic).Distinct()];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Does_what_the_table_says(string mnemonic) =>
        Assert.All(
            SemanticTable.All.Where(item => item.Mnemonic == mnemonic),
            item => SemanticRunner.Run(item, isa => new InterpreterEngine(isa)));

    [Fact]
    public void Every_operation_has_a_case() => Assert.Empty(SemanticTable.Untested());
}
