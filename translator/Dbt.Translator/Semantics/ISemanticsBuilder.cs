using Dbt.Isa;
using Dbt.Isa.Semantics;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Semantics;

/// <summary>
/// What the generated lifters write to: the semantics of one guest instruction after the other, with every
/// field already a constant. Each compiler is one implementation. A structure with values that are structures is specialised by the
/// JIT: lifting then neither allocates nor calls through tables.
/// </summary>
/// <remarks>Contract with the generator's lifter printer: change both together.</remarks>
/// <typeparam name="TValue">What the builder hands out for a value.</typeparam>
public interface ISemanticsBuilder<TValue>
{
    /// <summary>
    /// Opens the next instruction of the block; false when it cannot be reached, and nothing more is to be written (operands may make
    /// an operation illegal that goes on otherwise).
    /// </summary>
    bool Begin(in PredecodedInstruction instruction);

    /// <summary>A constant; <paramref name="bits"/> holds its bits, sign- or zero-extended by the type.</summary>
    TValue Constant(ValueType type, long bits);

    /// <summary>A register's 64-bit slot, as U64; the zero register is the constant 0.</summary>
    TValue ReadRegister(int file, int index);

    /// <summary>The same as I64.</summary>
    TValue ReadSigned(int file, int index) => Convert(ValueType.I64, ReadRegister(file, index));

    /// <summary>An I64 as U64, for those below that take its bits whatever its sign; they may take it as it is, too.</summary>
    TValue Bits(TValue value) => Convert(ValueType.U64, value);

    /// <summary>Writes a register's 64-bit slot with a U64 value (an rv32 register is kept sign-extended); nothing for the zero register.</summary>
    void WriteRegister(int file, int index, TValue value);

    /// <summary>An operator with one operand.</summary>
    TValue Unary(UnaryOperator op, TValue operand);

    /// <summary>An operator with two operands of one type (shift counts are I32).</summary>
    TValue Binary(BinaryOperator op, TValue left, TValue right);

    /// <summary>C#'s unchecked conversion between integer types; Bool from and to none.</summary>
    TValue Convert(ValueType type, TValue operand);

    /// <summary>condition ? then : otherwise. Both sides are pure and cannot fault; only the chosen one may be evaluated (a guarded division).</summary>
    TValue Select(TValue condition, TValue then, TValue otherwise);

    /// <summary>Evaluates now, once; the result may be used any number of times.</summary>
    TValue Local(TValue value);

    /// <summary>Reads guest memory now. May fault.</summary>
    TValue Load(ValueType type, TValue address);

    /// <summary>Writes guest memory now. May fault.</summary>
    void Store(ValueType type, TValue address, TValue value);

    /// <summary>Read-modify-write now; gives the old value. Misaligned addresses exit with MisalignedAccess. May fault.</summary>
    TValue Atomic(AtomicOperator op, ValueType type, TValue address, TValue value);

    /// <summary>Loads and reserves. Misaligned addresses exit with MisalignedAccess. May fault.</summary>
    TValue LoadReserved(ValueType type, TValue address);

    /// <summary>Stores when the reservation still holds, then drops it; gives I32 0 on success and 1 otherwise. May fault.</summary>
    TValue StoreConditional(ValueType type, TValue address, TValue value);

    /// <summary>Calls an intrinsic.</summary>
    TValue Call(Intrinsic intrinsic, ValueType result, params ReadOnlySpan<TValue> arguments);

    /// <summary>The same with one argument; so are those that follow, with more. Spans of structures are what ReadyToRun does not compile.</summary>
    TValue Call(Intrinsic intrinsic, ValueType result, TValue a) => Call(intrinsic, result, (ReadOnlySpan<TValue>)[a]);

    /// <inheritdoc cref="Call(Intrinsic, ValueType, TValue)"/>
    TValue Call(Intrinsic intrinsic, ValueType result, TValue a, TValue b) => Call(intrinsic, result, (ReadOnlySpan<TValue>)[a, b]);

    /// <inheritdoc cref="Call(Intrinsic, ValueType, TValue)"/>
    TValue Call(Intrinsic intrinsic, ValueType result, TValue a, TValue b, TValue c) => Call(intrinsic, result, (ReadOnlySpan<TValue>)[a, b, c]);

    /// <inheritdoc cref="Call(Intrinsic, ValueType, TValue)"/>
    TValue Call(Intrinsic intrinsic, ValueType result, TValue a, TValue b, TValue c, TValue d) =>
        Call(intrinsic, result, (ReadOnlySpan<TValue>)[a, b, c, d]);

    /// <summary>The hart's dynamic rounding mode, as I32. An invalid one must exit with IllegalInstruction before the instruction changes anything.</summary>
    TValue DynamicRounding();

    /// <summary>
    /// Whether an instruction that accesses system registers can be built: they are floating-point state
    /// (<see cref="GuestIsa.AccessesFloatingPointState"/>), and this builder has the four methods for it.
    /// </summary>
    bool HoldsFloatingPointState(in Instruction instruction);

    /// <summary>The accrued exceptions now, as U64.</summary>
    TValue ReadFpFlags();

    /// <summary>Replaces the accrued exceptions by a U64 value, none of whose other bits is set.</summary>
    void WriteFpFlags(TValue value);

    /// <summary>The dynamic rounding mode now, as U64, valid or not.</summary>
    TValue ReadFpRounding();

    /// <summary>Changes the dynamic rounding mode to a U64 value from 0 to 7.</summary>
    void WriteFpRounding(TValue value);

    /// <summary>Orders memory accesses.</summary>
    void Fence();

    /// <summary>Opens code that runs when the condition holds. Ended by <see cref="EndIf"/>.</summary>
    void If(TValue condition);

    /// <summary>Opens the other side of the innermost <see cref="If"/>.</summary>
    void Else();

    /// <summary>Closes the innermost <see cref="If"/>.</summary>
    void EndIf();

    /// <summary>Goes on at a guest address (U64). The last thing that happens on its path.</summary>
    void Jump(TValue target);

    /// <summary>Leaves with a reason; Pc is this instruction, or the next one for InstructionFence. The last thing that happens on its path.</summary>
    void Exit(ExitReason reason);

    /// <summary>Lets the interpreter execute this one instruction (system registers and what no printer knows).</summary>
    void InterpretInstruction();
}
