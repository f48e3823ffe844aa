namespace Dbt.Runtime.Machine.Tests.Harts.Riscv;

public sealed class CounterCountingTests() : CounterTests(TestedEngine.Counting);
