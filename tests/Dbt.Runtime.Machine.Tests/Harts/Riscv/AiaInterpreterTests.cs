namespace Dbt.Runtime.Machine.Tests.Harts.Riscv;

public sealed class AiaInterpreterTests() : AiaTests(TestedEngine.Interpreter);
