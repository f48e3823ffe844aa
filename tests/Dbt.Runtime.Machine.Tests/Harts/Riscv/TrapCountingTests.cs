namespace Dbt.Runtime.Machine.Tests.Harts.Riscv;

public sealed class TrapCountingTests() : TrapTests(TestedEngine.Counting);
