namespace Dbt.Runtime.Machine.Tests.Harts.Riscv;

public sealed class CounterInterpreterTests() : CounterTests(TestedEngine.Interpreter);
