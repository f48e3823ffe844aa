namespace Dbt.Embedding;

/// <summary>Why <see cref="VirtualHart.Run"/> returned. Later versions may have more: what a program does not know, it should treat as <see cref="Fault"/>.</summary>
public enum HartExitReason
{
    /// <summary>So many instructions were executed as was asked for. The hart can be run on.</summary>
    Budget = 1,

    /// <summary>The guest made an environment call and there is no handler. Run on behind it when its results are in the registers.</summary>
    Hypercall = 2,

    /// <summary>
    /// The guest accesses an address where there is neither memory nor a device. Run on after <see cref="VirtualHart.CompleteMmio"/>, or when something
    /// was mapped there: then the access is made again.
    /// </summary>
    Mmio = 3,

    /// <summary>A handler called <see cref="VirtualHart.Halt"/>, or the guest waits for an interrupt.</summary>
    Halt = 4,

    /// <summary>
    /// The guest did what it may not: an illegal instruction, a store to read-only memory, a jump to what is no code. Registers are as they were in front of the
    /// instruction.
    /// </summary>
    Fault = 5,

    /// <summary>A breakpoint instruction. The program counter is at it.</summary>
    Debug = 6,

    /// <summary>Somebody called <see cref="VirtualHart.Stop"/>. The hart can be run on.</summary>
    Stopped = 7,
}
