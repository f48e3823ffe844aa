using Dbt.Isa.Riscv;
using Dbt.Runtime.Elf;

namespace Dbt.Embedding.Guests.Riscv;

/// <summary>The calling convention of RISC-V (psABI, "Integer Calling Convention").</summary>
internal static class RiscvArchitecture
{
    public static GuestArchitecture Create() =>
        new(RiscvRv64.Instance, ElfMachine.RiscV, ["a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7"], "ra", "sp", "a7", "gp")
        {
            GlobalPointerSymbol = "__global_pointer$",
            CallLength = 4,
            StackAlignment = 16,
        };
}
