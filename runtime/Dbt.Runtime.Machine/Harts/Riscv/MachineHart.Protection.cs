using Dbt.Isa.Riscv;
using Dbt.Isa.Systems;
using Dbt.Runtime.Machine.Mmu.Riscv;

namespace Dbt.Runtime.Machine.Harts.Riscv;

/// <summary>Addresses of physical memory protection, some of which stay as they are until reset (Privileged Manual, "Locking and Privilege Mode").</summary>
internal sealed unsafe partial class MachineHart
{
    private const int Locked = 0x80, ModeMask = 0x18, TopOfRange = 0x08;

    private ulong ReadProtectionAddress(int entry) => (&State->Pmpaddr0)[entry];

    // What belongs to a locked region does not change: its address, and for one that has a bottom, the address before.
    private void WriteProtectionAddress(int entry, ulong value)
    {
        var isBottomOfLocked = entry + 1 < PhysicalProtection.Count && (Configuration(entry + 1) & (Locked | ModeMask)) == (Locked | TopOfRange);
        if ((Configuration(entry) & Locked) != 0 || isBottomOfLocked || ReadProtectionAddress(entry) == (value & RiscvPmpaddr0.Address))
            return;
        (&State->Pmpaddr0)[entry] = value & RiscvPmpaddr0.Address;
        Request(SystemAttention.StateChanged);
    }

    private int Configuration(int entry) => (int)((entry < 8 ? State->Pmpcfg0 : State->Pmpcfg2) >> entry % 8 * 8 & 0xFF);
}
