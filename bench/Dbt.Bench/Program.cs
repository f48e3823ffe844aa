using BenchmarkDotNet.Running;
using Dbt.Bench;
using Dbt.Bench.Booting;
using Dbt.Bench.Comparing;

switch (args)
{
    case ["compare", .. var rest]:
        return new CompareCommand().Parse(rest).Invoke();
    case ["machines", .. var rest]:
        return new MachinesCommand().Parse(rest).Invoke();
    case ["compile-cost", var program]:
        CompileCost.Report(program);
        return 0;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}
