using System.Text;
using Dbt.Cli.Code;
using Dbt.Isa;
using Dbt.Isa.Riscv;
using Dbt.Translator.Baseline;
using Dbt.Translator.HostCode;
using Dbt.Translator.Semantics;

namespace Dbt.Listings.Tests;

/// <summary>Which instructions the baseline compiler leaves to the interpreter: a list that should only become shorter.</summary>
public sealed class PatternTests
{
    [Fact]
    public void Interpreted_are_those_of_the_list()
    {
        var text = new StringBuilder();
        Append(text, RiscvRv64.Instance, "x86-64-v3", Compiled.Host);
        Append(text, RiscvRv64.Instance, "plain x86-64", HostFeatures.None);
        Append(text, RiscvRv32.Instance, "x86-64-v3", Compiled.Host);
        Golden.Equal("interpreted", text.ToString());
    }

    private static void Append(StringBuilder text, GuestIsa isa, string hostName, HostFeatures host)
    {
        var survey = new CompilerSurvey(isa, code => new BaselineExplainer(GuestLifters.For(isa), CompilerSurvey.AllOf(isa), code, null, host));
        var operations = OperationSamples.OperationsOf(isa).Select(survey.Of).ToList();
        text.Append($"{isa.Name} on {hostName}: {operations.Count(operation => operation.IsInterpreted)} of {operations.Count} operations are interpreted, others in some forms\n");
        foreach (var operation in operations.Where(operation => operation.Interpreted.Count > 0))
            text.Append($"  {operation.Operation.Extension} {operation.Operation.Mnemonic}: {(operation.IsInterpreted ? "all" : string.Join(", ", operation.Interpreted))}\n");
    }
}
