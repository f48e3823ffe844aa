namespace Dbt.Runtime.Machine.Tests.Harts.Riscv;

public sealed class TrapPollingTests() : TrapTests(TestedEngine.Polling);
