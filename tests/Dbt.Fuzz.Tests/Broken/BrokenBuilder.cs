using Dbt.Isa;
using Dbt.Isa.FloatingPoint;
using Dbt.Isa.Semantics;
using Dbt.Translator.Semantics;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Fuzz.Tests.Broken;

/// <summary>Hands everything on to another builder, but for what is to be wrong.</summary>
internal struct BrokenBuilder<TBuilder, TValue>(TBuilder inner, Damage damage) : ISemanticsBuilder<TValue>
    where TBuilder : ISemanticsBuilder<TValue>
{
    public TBuilder Inner = inner;

    public bool Begin(in PredecodedInstruction instruction) => Inner.Begin(instruction);

    public TValue Constant(ValueType type, long bits) => Inner.Constant(type, bits);

    public TValue ReadRegister(int file, int index) => Inner.ReadRegister(file, index);

    public void WriteRegister(int file, int index, TValue value) => Inner.WriteRegister(file, index, value);

    public TValue Unary(UnaryOperator op, TValue operand) => Inner.Unary(op, operand);

    public TValue Binary(BinaryOperator op, TValue left, TValue right)
    {
        if (damage == Damage.ExclusiveOr && op == BinaryOperator.Xor)
        {
            var low = Inner.Binary(BinaryOperator.And, Inner.Convert(ValueType.I64, left), Inner.Constant(ValueType.I64, 15));
            var isBad = Inner.Binary(BinaryOperator.Equal, low, Inner.Constant(ValueType.I64, 5));
            return Inner.Select(isBad, Inner.Binary(BinaryOperator.Or, left, right), Inner.Binary(op, left, right));
        }
        return damage == Damage.Comparison && op == BinaryOperator.Less
            ? Inner.Binary(op, left, Inner.Binary(BinaryOperator.ShiftLeft,
                Inner.Binary(BinaryOperator.ShiftRight, right, Inner.Constant(ValueType.I32, 1)), Inner.Constant(ValueType.I32, 1)))
            : Inner.Binary(op, left, right);
    }

    public TValue Convert(ValueType type, TValue operand) => Inner.Convert(type, operand);

    public TValue Select(TValue condition, TValue then, TValue otherwise) => Inner.Select(condition, then, otherwise);

    public TValue Local(TValue value) => Inner.Local(value);

    public TValue Load(ValueType type, TValue address) => Inner.Load(type, address);

    public void Store(ValueType type, TValue address, TValue value)
    {
        if (damage != Damage.TornStore || type != ValueType.I64)
        {
            Inner.Store(type, address, value);
            return;
        }
        Inner.Store(ValueType.I32, address, Inner.Convert(ValueType.I32, value));
        Inner.Store(type, address, value);
    }

    public TValue Atomic(AtomicOperator op, ValueType type, TValue address, TValue value)
    {
        if (damage == Damage.Torn && op == AtomicOperator.Add)
        {
            var old = Inner.Local(Inner.Load(type, address));
            Inner.Store(type, address, Inner.Binary(BinaryOperator.Add, old, value));
            return old;
        }
        return Inner.Atomic(op, damage == Damage.AtomicMinimum && op == AtomicOperator.Minimum && type == ValueType.U64 ? ValueType.I64 : type, address, value);
    }

    public bool HoldsFloatingPointState(in Instruction instruction) => Inner.HoldsFloatingPointState(instruction);

    public TValue ReadFpFlags() => Inner.ReadFpFlags();

    public void WriteFpFlags(TValue value) => Inner.WriteFpFlags(value);

    public TValue ReadFpRounding() => Inner.ReadFpRounding();

    public void WriteFpRounding(TValue value) => Inner.WriteFpRounding(value);

    public TValue LoadReserved(ValueType type, TValue address) => Inner.LoadReserved(type, address);

    public TValue StoreConditional(ValueType type, TValue address, TValue value)
    {
        if (damage == Damage.Reservation)
            _ = Inner.LoadReserved(type, address);
        return Inner.StoreConditional(type, address, value);
    }

    public TValue Call(Intrinsic intrinsic, ValueType result, params ReadOnlySpan<TValue> arguments) =>
        damage == Damage.Rounding && intrinsic == Intrinsic.FpDivide
            ? Inner.Call(intrinsic, result, arguments[0], arguments[1], Inner.Constant(ValueType.I32, (int)FloatingPointRounding.NearestEven))
            : Inner.Call(intrinsic, result, arguments);

    public TValue DynamicRounding() => Inner.DynamicRounding();

    public void Fence() => Inner.Fence();

    public void If(TValue condition) => Inner.If(condition);

    public void Else() => Inner.Else();

    public void EndIf() => Inner.EndIf();

    public void Jump(TValue target) => Inner.Jump(target);

    public void Exit(ExitReason reason) => Inner.Exit(reason);

    public void InterpretInstruction() => Inner.InterpretInstruction();
}
