namespace Dbt.Runtime.Machine.Tests.Harts.Riscv;

public sealed class AiaPollingTests() : AiaTests(TestedEngine.Polling);
