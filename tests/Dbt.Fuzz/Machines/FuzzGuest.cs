using Dbt.Fuzz.Programs;
using Dbt.Isa;
using Dbt.Isa.Riscv;
using Dbt.Translator.Semantics;

namespace Dbt.Fuzz.Machines;

/// <summary>A guest whose programs are made up here.</summary>
/// <param name="Isa">Its instruction set.</param>
/// <param name="Qemu">The emulator that runs its programs.</param>
internal sealed record FuzzGuest(GuestIsa Isa, string Qemu)
{
    public static FuzzGuest Rv64 { get; } = new(RiscvRv64.Instance, "qemu-riscv64");

    public static FuzzGuest Rv32 { get; } = new(RiscvRv32.Instance, "qemu-riscv32");

    /// <summary>What its instructions do.</summary>
    public GuestLifter Lifter { get; } = GuestLifters.For(Isa);

    /// <summary>Makes its programs.</summary>
    public ProgramGenerator Generator { get; } = new(new OperationCatalog(Isa));
}
