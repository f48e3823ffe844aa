using Dbt.Isa;

namespace Dbt.Runtime.Machine.Mmu.Riscv;

/// <summary>Everything that decides what an address leads to.</summary>
/// <param name="Satp">The register: mode, address space, root page.</param>
/// <param name="Privilege">That of the access: 0 is U, 1 is S, 3 is M.</param>
/// <param name="Access">What is wanted.</param>
/// <param name="SupervisorUser">mstatus.SUM: S may access what is U's.</param>
/// <param name="ExecutableReadable">mstatus.MXR: what may be executed may be loaded.</param>
/// <param name="UpdatesEntries">menvcfg.ADUE: accessed and dirty bits are set here, rather than by a page fault's handler.</param>
/// <param name="MemoryTypes">menvcfg.PBMTE: entries may name a memory type.</param>
internal readonly record struct TranslationRequest(
    ulong Satp, int Privilege, AccessKind Access, bool SupervisorUser, bool ExecutableReadable, bool UpdatesEntries, bool MemoryTypes);
