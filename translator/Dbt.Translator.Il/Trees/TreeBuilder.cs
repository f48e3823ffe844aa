using Dbt.Isa;
using Dbt.Isa.Semantics;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Il.Trees;

/// <summary>
/// What the generated lifters write to: the semantics of one guest instruction after the other, with every
/// field already a constant. The engines turn the result into IL.
/// </summary>
/// <remarks>Contract with the generator's lifter printer: change both together.</remarks>
public abstract class TreeBuilder
{
    /// <summary>A constant; <paramref name="bits"/> holds its bits, sign- or zero-extended by the type.</summary>
    public abstract Node Constant(ValueType type, long bits);

    /// <summary>A register's 64-bit slot, as U64; the zero register is the constant 0.</summary>
    public abstract Node ReadRegister(int file, int index);

    /// <summary>Writes a register's 64-bit slot with a U64 value (an rv32 register is kept sign-extended); nothing for the zero register.</summary>
    public abstract void WriteRegister(int file, int index, Node value);

    /// <summary>An operator with one operand.</summary>
    public abstract Node Unary(UnaryOperator op, Node operand);

    /// <summary>An operator with two operands of one type (shift counts are I32).</summary>
    public abstract Node Binary(BinaryOperator op, Node left, Node right);

    /// <summary>C#'s unchecked conversion between integer types; Bool from and to none.</summary>
    public abstract Node Convert(ValueType type, Node operand);

    /// <summary>condition ? then : otherwise. Both sides are pure and cannot fault; only the chosen one may be evaluated (a guarded division).</summary>
    public abstract Node Select(Node condition, Node then, Node otherwise);

    /// <summary>Evaluates now, once; the result may be used any number of times.</summary>
    public abstract Node Local(Node value);

    /// <summary>Reads guest memory now. May fault.</summary>
    public abstract Node Load(ValueType type, Node address);

    /// <summary>Writes guest memory now. May fault.</summary>
    public abstract void Store(ValueType type, Node address, Node value);

    /// <summary>Read-modify-write now; gives the old value. Misaligned addresses exit with MisalignedAccess. May fault.</summary>
    public abstract Node Atomic(AtomicOperator op, ValueType type, Node address, Node value);

    /// <summary>Loads and reserves. Misaligned addresses exit with MisalignedAccess. May fault.</summary>
    public abstract Node LoadReserved(ValueType type, Node address);

    /// <summary>Stores when the reservation still holds, then drops it; gives I32 0 on success and 1 otherwise. May fault.</summary>
    public abstract Node StoreConditional(ValueType type, Node address, Node value);

    /// <summary>Calls an intrinsic.</summary>
    public abstract Node Call(Intrinsic intrinsic, ValueType result, params ReadOnlySpan<Node> arguments);

    /// <summary>The hart's dynamic rounding mode, as I32. An invalid one must exit with IllegalInstruction before the instruction changes anything.</summary>
    public abstract Node DynamicRounding();

    /// <summary>Orders memory accesses.</summary>
    public abstract void Fence();

    /// <summary>Opens code that runs when the condition holds. Ended by <see cref="EndIf"/>.</summary>
    public abstract void If(Node condition);

    /// <summary>Opens the other side of the innermost <see cref="If"/>.</summary>
    public abstract void Else();

    /// <summary>Closes the innermost <see cref="If"/>.</summary>
    public abstract void EndIf();

    /// <summary>Goes on at a guest address (U64). The last thing that happens on its path.</summary>
    public abstract void Jump(Node target);

    /// <summary>Leaves with a reason; Pc is this instruction, or the next one for InstructionFence. The last thing that happens on its path.</summary>
    public abstract void Exit(ExitReason reason);

    /// <summary>Lets the interpreter execute this one instruction (system registers and what no printer knows).</summary>
    public abstract void InterpretInstruction();
}
