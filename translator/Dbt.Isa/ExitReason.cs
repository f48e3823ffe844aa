namespace Dbt.Isa;

/// <summary>Why translated or interpreted code returned to its caller.</summary>
public enum ExitReason
{
    /// <summary>Still running; never seen by a caller of an engine.</summary>
    None = 0,

    /// <summary>The instruction budget is used up, or a stop was requested. Pc is the next instruction.</summary>
    Budget = 1,

    /// <summary>No translation is known for Pc; engines handle it and go on.</summary>
    TranslationMiss = 2,

    /// <summary>A system call or hypercall. Pc is the instruction itself.</summary>
    EnvironmentCall = 3,

    /// <summary>A breakpoint instruction. Pc is the instruction itself.</summary>
    Breakpoint = 4,

    /// <summary>Bits that decode to nothing, or an instruction that the hart's state forbids. Pc is the instruction itself.</summary>
    IllegalInstruction = 5,

    /// <summary>A load, store or fetch without permission; see FaultAddress and FaultAccess. Pc is the instruction itself.</summary>
    MemoryFault = 6,

    /// <summary>An access or jump target whose alignment is not allowed; see FaultAddress and FaultAccess. Pc is the instruction itself.</summary>
    MisalignedAccess = 7,

    /// <summary>The guest asked that later fetches see its earlier stores. Pc is the next instruction.</summary>
    InstructionFence = 8,

    /// <summary>In system mode: something is to be done between two instructions, see <see cref="Systems.SystemHeader.Attention"/>. Pc is the next instruction.</summary>
    Attention = 9,

    /// <summary>The hart has nothing to do until an interrupt. Pc is the next instruction.</summary>
    WaitForInterrupt = 10,
}
