namespace Dbt.Runtime.Machine.Tests.Harts.Riscv;

/// <summary>What runs a test's programs.</summary>
public enum TestedEngine
{
    /// <summary>The interpreter.</summary>
    Interpreter,

    /// <summary>The baseline compiler at once, with code that counts instructions.</summary>
    Counting,

    /// <summary>The same with code that does not.</summary>
    Polling,
}
