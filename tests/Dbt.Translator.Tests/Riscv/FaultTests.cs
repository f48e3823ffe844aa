using Dbt.Isa;
using Dbt.Isa.Riscv;

namespace Dbt.Translator.Tests.Riscv;

/// <summary>What an engine says of an access that faults.</summary>
public sealed unsafe class FaultTests
{
    [Theory]
    [InlineData("interpreter")]
    [InlineData("block")]
    public void A_read_modify_write_wants_to_write(string engine)
    {
        foreach (var operation in RiscvRv64.Instance.Operations)
        {
            if (operation is null || !operation.Traits.HasFlag(OperationTraits.Atomic))
                continue;
            using var machine = new RiscvMachine(engine);
            // rs1 = x0: address 0, where nothing is mapped.
            machine.Write(RiscvMachine.Code, operation.Match);
            machine.State->ReservationAddress = 0;
            Assert.Equal(ExitReason.MemoryFault, machine.Run(1));
            Assert.Equal(0UL, machine.State->FaultAddress);
            Assert.Equal(operation.Traits.HasFlag(OperationTraits.Stores) ? AccessKind.Write : AccessKind.Read, machine.State->FaultAccess);
        }
    }
}
