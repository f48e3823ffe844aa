namespace Dbt.Runtime.Machine.Tests.Harts.Riscv;

public sealed class AiaCountingTests() : AiaTests(TestedEngine.Counting);
