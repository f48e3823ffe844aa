using Dbt.Isa.Semantics;
using Dbt.Translator.Semantics;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Baseline;

/// <summary>The expressions of one instruction, folded where they are known. Reused from instruction to instruction: it allocates only to grow.</summary>
internal sealed class ExpressionPool
{
    private Expression[] _all = new Expression[64];
    private int _count;

    /// <summary>An expression.</summary>
    public ref Expression this[int place] => ref _all[place];

    /// <summary>Forgets all.</summary>
    public void Clear() => _count = 0;

    /// <summary>Adds an expression as it is.</summary>
    public int Add(in Expression expression)
    {
        if (_count == _all.Length)
            Array.Resize(ref _all, 2 * _count);
        _all[_count] = expression;
        return _count++;
    }

    /// <summary>A constant.</summary>
    public int Constant(ValueType type, long bits) => Add(new() { Kind = ExpressionKind.Constant, Type = type, Bits = bits });

    /// <summary>A guest register's slot.</summary>
    public int Guest(int file, int index) =>
        Add(new() { Kind = ExpressionKind.Guest, Type = ValueType.U64, File = (byte)file, Register = (byte)index });

    /// <summary>An operator with one operand.</summary>
    public int Unary(UnaryOperator op, int operand)
    {
        ref var a = ref _all[operand];
        if (a.Kind == ExpressionKind.Constant && ConstantFolding.TryFold(op, a.Type, a.Bits, out var bits))
            return Constant(a.Type, bits);
        return Add(new() { Kind = ExpressionKind.Unary, Type = a.Type, Operator = (byte)op, A = operand });
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
        return Add(new() { Kind = ExpressionKind.Binary, Type = type, Operator = (byte)op, A = left, B = right });
    }

    /// <summary>A conversion between integer types.</summary>
    public int Convert(ValueType type, int operand)
    {
        ref var a = ref _all[operand];
        if (a.Type == type)
            return operand;
        if (a.Kind == ExpressionKind.Constant)
            return Constant(type, ConstantFolding.Extend(type, a.Bits));
        // What an inner conversion did to the upper bits does not matter when the outer one cuts them off.
        if (a.Kind == ExpressionKind.Convert && type.Bits() <= a.Type.Bits() && type.Bits() <= _all[a.A].Type.Bits())
            return Convert(type, a.A);
        return Add(new() { Kind = ExpressionKind.Convert, Type = type, A = operand });
    }

    /// <summary>A choice.</summary>
    public int Select(int condition, int then, int otherwise)
    {
        if (_all[condition].Kind == ExpressionKind.Constant)
            return _all[condition].Bits != 0 ? then : otherwise;
        return Add(new() { Kind = ExpressionKind.Select, Type = _all[then].Type, A = condition, B = then, C = otherwise });
    }
}
