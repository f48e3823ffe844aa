using System.Runtime.CompilerServices;
using Dbt.Isa.Semantics;
using Dbt.Translator.Semantics;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Baseline;

/// <summary>The expressions of one instruction, folded where they are known. Reused from instruction to instruction.</summary>
internal sealed unsafe class ExpressionPool
{
    // Places are bytes. What an instruction does takes a dozen, the longest ones of all specs a few dozen.
    private const int Capacity = byte.MaxValue + 1;

    // Pinned for as long as the pool lives; places need no check.
    private readonly byte[] _memory = GC.AllocateUninitializedArray<byte>(Capacity * sizeof(Expression), pinned: true);
    private readonly Expression* _all;
    private int _count;

    /// <summary>An empty pool.</summary>
    public ExpressionPool() => _all = (Expression*)Unsafe.AsPointer(ref _memory[0]);

    /// <summary>An expression.</summary>
    public ref Expression this[int place]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _all[(byte)place];
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => _count = 0;

    /// <summary>A place for an expression, which its caller sets.</summary>
    /// <exception cref="InvalidOperationException">An instruction has more expressions than there are places.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Add()
    {
        if (_count == Capacity)
            ThrowFull();
        return _count++;
    }

    /// <summary>A constant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Constant(ValueType type, long bits)
    {
        var place = Add();
        _all[place].Set(ExpressionKind.Constant, type, bits: bits);
        return place;
    }

    /// <summary>A guest register's slot, as U64 or I64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Guest(int file, int index, ValueType type = ValueType.U64)
    {
        var place = Add();
        _all[place].SetRegister(ExpressionKind.Guest, type, file, index);
        return place;
    }

    /// <summary>An operator with one operand.</summary>
    public int Unary(UnaryOperator op, int operand)
    {
        ref var a = ref _all[operand];
        if (a.Kind == ExpressionKind.Constant && ConstantFolding.TryFold(op, a.Type, a.Bits, out var bits))
            return Constant(a.Type, bits);
        var place = Add();
        _all[place].Set(ExpressionKind.Unary, a.Type, (byte)op, operand);
        return place;
    }

    /// <summary>An operator with two operands.</summary>
    public int Binary(BinaryOperator op, int left, int right)
    {
        ref var a = ref _all[left];
        ref var b = ref _all[right];
        var type = op >= BinaryOperator.Equal ? ValueType.Bool : a.Type;
        if (b.Kind == ExpressionKind.Constant)
        {
            if (a.Kind == ExpressionKind.Constant && ConstantFolding.TryFold(op, a.Type, a.Bits, b.Bits, out var bits))
                return Constant(type, bits);
            if (b.Bits == 0 && ConstantFolding.IsNeutralZero(op))
                return left;
            if (b.Bits == 0 && op == BinaryOperator.And)
                return right;
            if (op == BinaryOperator.Add && a.Kind == ExpressionKind.Binary && a.Operator == (byte)BinaryOperator.Add &&
                _all[a.B].Kind == ExpressionKind.Constant)
            {
                return Binary(op, a.A, Constant(type, ConstantFolding.Extend(type, _all[a.B].Bits + b.Bits)));
            }
        }
        else if (a.Kind == ExpressionKind.Constant && a.Bits == 0 && op is BinaryOperator.Add or BinaryOperator.Or or BinaryOperator.Xor)
        {
            return right;
        }
        else if (a.Kind == ExpressionKind.Constant && a.Bits == 0 && op == BinaryOperator.And)
        {
            return left;
        }
        var place = Add();
        _all[place].Set(ExpressionKind.Binary, type, (byte)op, left, right);
        return place;
    }

    /// <summary>A conversion between integer types.</summary>
    public int Convert(ValueType type, int operand)
    {
        ref var a = ref _all[operand];
        if (a.Type == type)
            return operand;
        if (a.Kind == ExpressionKind.Constant)
            return Constant(type, ConstantFolding.Extend(type, a.Bits));
        var (to, from) = (type.Bits(), a.Type.Bits());
        // What an inner conversion did to the upper bits does not matter when the outer one cuts them off.
        if (a.Kind == ExpressionKind.Convert && to <= from && to <= _all[a.A].Type.Bits())
            return Convert(type, a.A);
        var traits = to < 32 || to > from ? ExpressionTraits.None
            : (to & from) == 64 ? ExpressionTraits.KeepsLowBits | ExpressionTraits.KeepsAllBits
            : ExpressionTraits.KeepsLowBits;
        var place = Add();
        _all[place].Set(ExpressionKind.Convert, type, a: operand, traits: traits);
        return place;
    }

    /// <summary>A choice.</summary>
    public int Select(int condition, int then, int otherwise)
    {
        if (_all[condition].Kind == ExpressionKind.Constant)
            return _all[condition].Bits != 0 ? then : otherwise;
        var place = Add();
        _all[place].Set(ExpressionKind.Select, _all[then].Type, a: condition, b: then, c: otherwise);
        return place;
    }

    /// <summary>An intrinsic with up to four operands.</summary>
    public int Call(Intrinsic intrinsic, ValueType result, int a, int b, int c, int d)
    {
        var traits = intrinsic is Intrinsic.FpToBits or Intrinsic.FpFromBits ? ExpressionTraits.KeepsLowBits : ExpressionTraits.None;
        var place = Add();
        _all[place].Set(ExpressionKind.Call, result, (byte)intrinsic, a, b, c, traits, d);
        return place;
    }

    /// <summary>A load or read-modify-write that is still to happen.</summary>
    public int Access(ExpressionKind kind, ValueType type, int address, AtomicOperator op = default, int value = 0)
    {
        var place = Add();
        _all[place].Set(kind, type, (byte)op, address, value);
        return place;
    }

    /// <summary>A value in a register of the host.</summary>
    public int Host(ValueType type, int register)
    {
        var place = Add();
        _all[place].SetRegister(ExpressionKind.Host, type, 0, register);
        return place;
    }

    /// <summary>The same expression at a place of its own.</summary>
    public int Copy(int place)
    {
        var copy = Add();
        _all[copy] = _all[place];
        return copy;
    }

    private static void ThrowFull() => throw new InvalidOperationException($"An instruction has more than {Capacity} expressions.");
}
