namespace Dbt.Runtime.Machine.Tests.Harts.Riscv;

public sealed class CompiledCodeCountingTests() : CompiledCodeTests(TestedEngine.Counting);
