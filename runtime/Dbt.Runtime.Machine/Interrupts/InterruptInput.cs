namespace Dbt.Runtime.Machine.Interrupts;

/// <summary>The interrupt inputs of a hart, by their bit in mip (Privileged Manual, section "Machine Interrupt Registers").</summary>
public enum InterruptInput
{
    /// <summary>SSIP: software interrupt for S mode.</summary>
    SupervisorSoftware = 1,

    /// <summary>MSIP: software interrupt for M mode, from the CLINT.</summary>
    MachineSoftware = 3,

    /// <summary>STIP: timer interrupt for S mode.</summary>
    SupervisorTimer = 5,

    /// <summary>MTIP: timer interrupt for M mode, from the CLINT.</summary>
    MachineTimer = 7,

    /// <summary>SEIP: external interrupt for S mode, from the PLIC or an IMSIC.</summary>
    SupervisorExternal = 9,

    /// <summary>MEIP: external interrupt for M mode, from the PLIC or an IMSIC.</summary>
    MachineExternal = 11,
}
