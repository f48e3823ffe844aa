namespace Dbt.Runtime.Machine.Tests.Harts.Riscv;

public sealed class PagingPollingTests() : PagingTests(TestedEngine.Polling);
