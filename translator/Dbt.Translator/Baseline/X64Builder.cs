using Dbt.Isa;
using Dbt.Isa.Semantics;
using Dbt.Translator.Semantics;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Baseline;

/// <summary>What lifters write to when a block is compiled to x86-64 code: a structure, so that lifting is specialised for it.</summary>
/// <param name="compiler">What does the work.</param>
internal readonly struct X64Builder(X64BlockCompiler compiler) : ISemanticsBuilder<Operand>
{
    private ExpressionPool Pool => compiler.Expressions;

    public bool Begin(in PredecodedInstruction instruction) => compiler.Begin(instruction);

    public Operand Constant(ValueType type, long bits) => new(Pool.Constant(type, bits));

    public Operand ReadRegister(int file, int index) => new(compiler.ReadRegister(file, index));

    public Operand ReadSigned(int file, int index) => new(compiler.ReadRegister(file, index, ValueType.I64));

    public Operand Bits(Operand value) => value;

    public void WriteRegister(int file, int index, Operand value) => compiler.WriteRegister(file, index, value.Place);

    public Operand Unary(UnaryOperator op, Operand operand) => new(Pool.Unary(op, operand.Place));

    public Operand Binary(BinaryOperator op, Operand left, Operand right) => new(Pool.Binary(op, left.Place, right.Place));

    public Operand Convert(ValueType type, Operand operand) => new(Pool.Convert(type, operand.Place));

    public Operand Select(Operand condition, Operand then, Operand otherwise) => new(Pool.Select(condition.Place, then.Place, otherwise.Place));

    public Operand Local(Operand value) => new(compiler.Local(value.Place));

    public Operand Load(ValueType type, Operand address) => new(compiler.Load(type, address.Place));

    public void Store(ValueType type, Operand address, Operand value) => compiler.Store(type, address.Place, value.Place);

    public Operand Atomic(AtomicOperator op, ValueType type, Operand address, Operand value) =>
        new(compiler.Atomic(op, type, address.Place, value.Place));

    public Operand LoadReserved(ValueType type, Operand address) => new(compiler.LoadReserved(type, address.Place));

    public Operand StoreConditional(ValueType type, Operand address, Operand value) =>
        new(compiler.StoreConditional(type, address.Place, value.Place));

    public Operand Call(Intrinsic intrinsic, ValueType result, params ReadOnlySpan<Operand> arguments)
    {
        return new(Pool.Call(
            intrinsic, result, arguments[0].Place,
            arguments.Length > 1 ? arguments[1].Place : 0,
            arguments.Length > 2 ? arguments[2].Place : 0,
            arguments.Length > 3 ? arguments[3].Place : 0));
    }

    public Operand Call(Intrinsic intrinsic, ValueType result, Operand a) => new(Pool.Call(intrinsic, result, a.Place, 0, 0, 0));

    public Operand Call(Intrinsic intrinsic, ValueType result, Operand a, Operand b) => new(Pool.Call(intrinsic, result, a.Place, b.Place, 0, 0));

    public Operand Call(Intrinsic intrinsic, ValueType result, Operand a, Operand b, Operand c) =>
        new(Pool.Call(intrinsic, result, a.Place, b.Place, c.Place, 0));

    public Operand Call(Intrinsic intrinsic, ValueType result, Operand a, Operand b, Operand c, Operand d) =>
        new(Pool.Call(intrinsic, result, a.Place, b.Place, c.Place, d.Place));

    public Operand DynamicRounding() => new(compiler.DynamicRounding());

    public bool HoldsFloatingPointState(in Instruction instruction) => compiler.HoldsFloatingPointState(instruction);

    public Operand ReadFpFlags() => new(compiler.ReadFpFlags());

    public void WriteFpFlags(Operand value) => compiler.WriteFpFlags(value.Place);

    public Operand ReadFpRounding() => new(compiler.ReadFpRounding());

    public void WriteFpRounding(Operand value) => compiler.WriteFpRounding(value.Place);

    public void Fence() => compiler.Fence();

    public void If(Operand condition) => compiler.If(condition.Place);

    public void Else() => compiler.Else();

    public void EndIf() => compiler.EndIf();

    public void Jump(Operand target) => compiler.Jump(target.Place);

    public void Exit(ExitReason reason) => compiler.Exit(reason);

    public void InterpretInstruction() => compiler.Decline();
}
