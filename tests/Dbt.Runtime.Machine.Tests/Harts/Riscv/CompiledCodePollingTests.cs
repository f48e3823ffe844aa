namespace Dbt.Runtime.Machine.Tests.Harts.Riscv;

public sealed class CompiledCodePollingTests() : CompiledCodeTests(TestedEngine.Polling);
