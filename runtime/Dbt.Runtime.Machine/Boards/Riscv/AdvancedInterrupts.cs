namespace Dbt.Runtime.Machine.Boards.Riscv;

/// <summary>Which parts of the Advanced Interrupt Architecture a machine has.</summary>
public enum AdvancedInterrupts
{
    /// <summary>None: a PLIC.</summary>
    None,
}
