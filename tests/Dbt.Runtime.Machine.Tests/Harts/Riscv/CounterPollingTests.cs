namespace Dbt.Runtime.Machine.Tests.Harts.Riscv;

public sealed class CounterPollingTests() : CounterTests(TestedEngine.Polling);
