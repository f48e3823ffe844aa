namespace Dbt.Runtime.Machine.Mmu.Riscv;

/// <summary>Where an address leads.</summary>
/// <param name="Outcome">Whether it does.</param>
/// <param name="Physical">The physical address.</param>
/// <param name="Rights">The leaf's bits (<see cref="PageTableEntry"/>), as far as this access's privilege may use them: R, W, X, and D.</param>
/// <param name="Size">Bytes that the leaf maps: more than 4096 for superpages.</param>
internal readonly record struct Translation(TranslationOutcome Outcome, ulong Physical, ulong Rights, ulong Size);
