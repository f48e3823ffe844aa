namespace Dbt.Runtime.Machine.Harts.Riscv;

/// <summary>Why a trap was taken: exception codes of mcause and scause (Privileged Manual, "Machine Cause Register").</summary>
internal enum TrapCause
{
    FetchMisaligned = 0,
    FetchAccessFault = 1,
    IllegalInstruction = 2,
    Breakpoint = 3,
    LoadMisaligned = 4,
    LoadAccessFault = 5,
    StoreMisaligned = 6,
    StoreAccessFault = 7,
    CallFromUser = 8,
    CallFromSupervisor = 9,
    CallFromMachine = 11,
    FetchPageFault = 12,
    LoadPageFault = 13,
    StorePageFault = 15,
}
