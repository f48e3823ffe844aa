namespace Dbt.Runtime.Machine.Boards.Riscv;

/// <summary>Which parts of the Advanced Interrupt Architecture a machine has.</summary>
public enum AdvancedInterrupts
{
    /// <summary>None: a PLIC.</summary>
    None,

    /// <summary>An APLIC, which interrupts harts directly.</summary>
    Aplic,

    /// <summary>An APLIC, which sends messages to harts' IMSICs, as PCI devices do.</summary>
    AplicImsic,
}
