namespace Dbt.Isa;

/// <summary>What an operation can do, derived by the generator from its semantics.</summary>
[Flags]
public enum OperationTraits
{
    /// <summary>Computes only.</summary>
    None = 0,

    /// <summary>May read guest memory.</summary>
    Loads = 1,

    /// <summary>May write guest memory.</summary>
    Stores = 2,

    /// <summary>Reads and writes guest memory in one step, or holds a reservation.</summary>
    Atomic = 4,

    /// <summary>May go on somewhere else than at the next instruction, or exit: the last instruction of its block.</summary>
    EndsBlock = 8,

    /// <summary>Jumps to an address that is known when it is decoded.</summary>
    DirectJump = 16,

    /// <summary>Jumps to an address that is computed.</summary>
    IndirectJump = 32,

    /// <summary>Goes on at the next instruction when its condition does not hold.</summary>
    Conditional = 64,

    /// <summary>Traps always or under a condition that is not a memory fault.</summary>
    Traps = 128,

    /// <summary>Works with floating-point values.</summary>
    FloatingPoint = 256,

    /// <summary>Rounds by the dynamic mode or a static one.</summary>
    Rounds = 512,

    /// <summary>Reads or writes system registers.</summary>
    System = 1024,

    /// <summary>A form that is executed as another operation, see <see cref="GuestIsa.Expand"/>.</summary>
    Compressed = 2048,
}
