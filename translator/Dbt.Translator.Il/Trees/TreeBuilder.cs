using Dbt.Isa;
using Dbt.Isa.Semantics;
using Dbt.Translator.Semantics;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Il.Trees;

/// <summary>The builder of the IL engines: values are trees.</summary>
public abstract class TreeBuilder : ISemanticsBuilder<Node>
{
    /// <inheritdoc/>
    public abstract bool Begin(in PredecodedInstruction instruction);

    /// <inheritdoc/>
    public abstract Node Constant(ValueType type, long bits);

    /// <inheritdoc/>
    public abstract Node ReadRegister(int file, int index);

    /// <inheritdoc/>
    public abstract void WriteRegister(int file, int index, Node value);

    /// <inheritdoc/>
    public abstract Node Unary(UnaryOperator op, Node operand);

    /// <inheritdoc/>
    public abstract Node Binary(BinaryOperator op, Node left, Node right);

    /// <inheritdoc/>
    public abstract Node Convert(ValueType type, Node operand);

    /// <inheritdoc/>
    public abstract Node Select(Node condition, Node then, Node otherwise);

    /// <inheritdoc/>
    public abstract Node Local(Node value);

    /// <inheritdoc/>
    public abstract Node Load(ValueType type, Node address);

    /// <inheritdoc/>
    public abstract void Store(ValueType type, Node address, Node value);

    /// <inheritdoc/>
    public abstract Node Atomic(AtomicOperator op, ValueType type, Node address, Node value);

    /// <inheritdoc/>
    public abstract Node LoadReserved(ValueType type, Node address);

    /// <inheritdoc/>
    public abstract Node StoreConditional(ValueType type, Node address, Node value);

    /// <inheritdoc/>
    public abstract Node Call(Intrinsic intrinsic, ValueType result, params ReadOnlySpan<Node> arguments);

    /// <inheritdoc/>
    public abstract Node DynamicRounding();

    /// <inheritdoc/>
    public bool HoldsFloatingPointState(in Instruction instruction) => false;

    /// <inheritdoc/>
    public Node ReadFpFlags() => throw new NotSupportedException();

    /// <inheritdoc/>
    public void WriteFpFlags(Node value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Node ReadFpRounding() => throw new NotSupportedException();

    /// <inheritdoc/>
    public void WriteFpRounding(Node value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public abstract void Fence();

    /// <inheritdoc/>
    public abstract void If(Node condition);

    /// <inheritdoc/>
    public abstract void Else();

    /// <inheritdoc/>
    public abstract void EndIf();

    /// <inheritdoc/>
    public abstract void Jump(Node target);

    /// <inheritdoc/>
    public abstract void Exit(ExitReason reason);

    /// <inheritdoc/>
    public abstract void InterpretInstruction();
}
