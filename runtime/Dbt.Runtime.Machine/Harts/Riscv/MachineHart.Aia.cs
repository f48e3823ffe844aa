using System.Numerics;
using Dbt.Isa.Riscv;
using Dbt.Runtime.Machine.Interrupts.Riscv;

namespace Dbt.Runtime.Machine.Harts.Riscv;

/// <summary>Registers of the Advanced Interrupt Architecture (1.0): interrupt files, and which interrupt comes first.</summary>
internal sealed unsafe partial class MachineHart
{
    // Of miselect and siselect: priorities of interrupts, which are not configurable here, and what the file has.
    private const ulong PrioritiesStart = 0x30, PrioritiesEnd = 0x40;

    // When which top was read: a write by the same instruction claims that, and not what has come meanwhile.
    private (long Retired, uint Top) _topRead = (-1, 0);

    /// <summary>M mode's interrupt file; null where there is no IMSIC.</summary>
    public InterruptFile? MachineFile { get; set; }

    /// <summary>S mode's interrupt file.</summary>
    public InterruptFile? SupervisorFile { get; set; }

    /// <summary>Reads a register that translated code leaves to the machine; false when there is none.</summary>
    public bool TryReadRegister(int number, out ulong value)
    {
        value = 0;
        switch (number)
        {
            case RiscvCsr.Mireg:
                return TryReadSelected(MachineFile, State->Miselect, out value);
            case RiscvCsr.Sireg:
                return TryReadSelected(SupervisorFile, State->Siselect, out value);
            case RiscvCsr.Mtopei when MachineFile != null:
                value = ReadTop(MachineFile);
                return true;
            case RiscvCsr.Stopei when SupervisorFile != null:
                value = ReadTop(SupervisorFile);
                return true;
            case RiscvCsr.Mtopi:
                value = First(Pending & State->Mie & ~State->Mideleg);
                return true;
            case RiscvCsr.Stopi:
                value = First(Pending & State->Mie & State->Mideleg);
                return true;
            case >= RiscvCsr.Pmpaddr0 and <= RiscvCsr.Pmpaddr15:
                value = ReadProtectionAddress(number - RiscvCsr.Pmpaddr0);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Writes a register that translated code leaves to the machine.</summary>
    public bool TryWriteRegister(int number, ulong value)
    {
        switch (number)
        {
            case RiscvCsr.Mireg:
                return TryWriteSelected(MachineFile, State->Miselect, value);
            case RiscvCsr.Sireg:
                return TryWriteSelected(SupervisorFile, State->Siselect, value);
            case RiscvCsr.Mtopei when MachineFile != null:
                Claim(MachineFile);
                return true;
            case RiscvCsr.Stopei when SupervisorFile != null:
                Claim(SupervisorFile);
                return true;
            case >= RiscvCsr.Pmpaddr0 and <= RiscvCsr.Pmpaddr15:
                WriteProtectionAddress(number - RiscvCsr.Pmpaddr0, value);
                return true;
            default:
                return false;
        }
    }

    private static bool IsPriority(ulong select) => select is >= PrioritiesStart and < PrioritiesEnd && select % 2 == 0;

    private static bool TryReadSelected(InterruptFile? file, ulong select, out ulong value)
    {
        value = 0;
        if (file == null || !InterruptFile.Has(select))
            return IsPriority(select);
        value = file.Read(select);
        return true;
    }

    private static bool TryWriteSelected(InterruptFile? file, ulong select, ulong value)
    {
        if (file == null || !InterruptFile.Has(select))
            return IsPriority(select);
        file.Write(select, value);
        return true;
    }

    // Registers are accessed by the last instruction of a block, where the count is exact.
    private long Retired => State->Header.RetiredBase - State->Header.Budget;

    private uint ReadTop(InterruptFile file)
    {
        _topRead = (Retired, file.Top);
        return _topRead.Top;
    }

    private void Claim(InterruptFile file)
    {
        if (_topRead.Retired == Retired)
            file.Claim(_topRead.Top);
        else
            file.Claim(file.Top);
        _topRead.Retired = -1;
    }

    // The interrupt that is taken first, and a priority of 1, as where none can be configured.
    private static ulong First(ulong pending)
    {
        foreach (var input in s_priorities)
            if ((pending >> (int)input & 1) != 0)
                return (ulong)input << 16 | 1;
        return pending == 0 ? 0 : (ulong)BitOperations.TrailingZeroCount(pending) << 16 | 1;
    }
}
