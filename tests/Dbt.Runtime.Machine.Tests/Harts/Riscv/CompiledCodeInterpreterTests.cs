namespace Dbt.Runtime.Machine.Tests.Harts.Riscv;

public sealed class CompiledCodeInterpreterTests() : CompiledCodeTests(TestedEngine.Interpreter);
