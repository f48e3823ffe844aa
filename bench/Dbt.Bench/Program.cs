using BenchmarkDotNet.Running;
using Dbt.Bench;

if (args is ["compile-cost", var program])
    CompileCost.Report(program);
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
