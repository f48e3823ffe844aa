namespace Dbt.Embedding;

/// <summary>What <see cref="Hypervisor.Query"/> can be asked for. Numbers are never reused.</summary>
public enum Capability
{
    /// <summary>1 when <see cref="VirtualMachine"/> is there.</summary>
    BareGuests = 1,

    /// <summary>1 when <see cref="Machines.BootedMachine"/> is there.</summary>
    Machines = 2,

    /// <summary>1 when guest code is compiled to host code.</summary>
    CompiledCode = 3,

    /// <summary>1 when memory may be read-only for the guest.</summary>
    ReadOnlyMemory = 4,

    /// <summary>1 when accesses to addresses without memory come to handlers, or out of <see cref="VirtualHart.Run"/>.</summary>
    MmioExits = 5,

    /// <summary>1 when <see cref="VirtualHart.Run"/> ends after an exact number of instructions.</summary>
    InstructionBudgets = 6,

    /// <summary>Bits in the largest <see cref="VirtualMachineOptions.AddressSpace"/>.</summary>
    AddressBits = 7,

    /// <summary>How many virtual machines a process can have at a time.</summary>
    VirtualMachines = 8,

    /// <summary>The most harts in a booted machine.</summary>
    MachineHarts = 9,
}
