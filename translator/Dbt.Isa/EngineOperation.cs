namespace Dbt.Isa;

/// <summary>Operations that no guest has: they frame a predecoded block. Guest operations are numbered from 3 up.</summary>
public static class EngineOperation
{
    /// <summary>Bits that decode to nothing: executing it exits with <see cref="ExitReason.IllegalInstruction"/>.</summary>
    public const ushort Illegal = 0;

    /// <summary>Opens a block: takes <see cref="Instruction.Immediate"/> (the number of its instructions) off the budget.</summary>
    public const ushort BlockStart = 1;

    /// <summary>Closes a block that falls through: execution goes on at <see cref="PredecodedInstruction.Pc"/>.</summary>
    public const ushort BlockEnd = 2;

    /// <summary>The first number that a guest operation may have.</summary>
    public const ushort FirstGuestOperation = 3;
}
