namespace Dbt.Runtime.Machine.Tests.Harts.Riscv;

public sealed class PagingInterpreterTests() : PagingTests(TestedEngine.Interpreter);
