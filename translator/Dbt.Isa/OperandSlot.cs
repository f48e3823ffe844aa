namespace Dbt.Isa;

/// <summary>Where an operand lies in an <see cref="Instruction"/>.</summary>
public enum OperandSlot
{
    /// <summary><see cref="Instruction.A"/>.</summary>
    A,

    /// <summary><see cref="Instruction.B"/>.</summary>
    B,

    /// <summary><see cref="Instruction.C"/>.</summary>
    C,

    /// <summary><see cref="Instruction.D"/>.</summary>
    D,

    /// <summary><see cref="Instruction.E"/>.</summary>
    E,

    /// <summary><see cref="Instruction.Immediate"/>.</summary>
    Immediate,
}
