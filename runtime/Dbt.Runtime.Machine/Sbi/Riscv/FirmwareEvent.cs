namespace Dbt.Runtime.Machine.Sbi.Riscv;

/// <summary>What firmware counters count, as the PMU extension numbers it. Accesses and instructions are never emulated here: theirs stay 0.</summary>
internal enum FirmwareEvent
{
    MisalignedLoad = 0,
    MisalignedStore = 1,
    AccessLoad = 2,
    AccessStore = 3,
    IllegalInstruction = 4,
    SetTimer = 5,
    InterruptSent = 6,
    InterruptReceived = 7,
    InstructionFenceSent = 8,
    InstructionFenceReceived = 9,
    TranslationFenceSent = 10,
    TranslationFenceReceived = 11,
    TranslationFenceOfSpaceSent = 12,
    TranslationFenceOfSpaceReceived = 13,
    LastGuestFence = 21,
}
