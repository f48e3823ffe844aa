namespace Dbt.Runtime.Machine.Tests.Harts.Riscv;

public sealed class PagingCountingTests() : PagingTests(TestedEngine.Counting);
