namespace Dbt.Runtime.Machine.Tests.Harts.Riscv;

public sealed class TrapInterpreterTests() : TrapTests(TestedEngine.Interpreter);
