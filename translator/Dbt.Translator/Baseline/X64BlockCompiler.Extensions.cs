using System.Numerics;
using System.Runtime.CompilerServices;
using Dbt.Isa.Semantics;
using Dbt.Translator.HostCode.X64;
using Dbt.Translator.Semantics;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Baseline;

// Guests extend results of 32 bits to 64 by their sign, and seldom look at the upper half. So it stays open in host registers until something
// wants all 64 bits: the next operation on 32 bits does not, nor do bitwise ones or comparisons of such values. What leaves the block, and
// whoever comes after a fault, puts it in place as it does constants.
internal sealed unsafe partial class X64BlockCompiler
{
    // General-purpose registers whose values are their lower halves, extended by the sign; and those of them whose host registers have anything in
    // their upper halves.
    private uint _extended;
    private uint _open;

    // The host register that holds what the host's flags tell of, the size of that, and where; -1 when nothing is known.
    private X64Register _flagsOf;
    private X64Size _flagsSize;
    private int _flagsAt;

    // The place to read a register's lower half from when that was all that was asked for; otherwise all of it is put in place.
    private int Read(int place, int guest)
    {
        var register = Expressions[guest].Register;
        if (Expressions[guest].File != 0 || (_open >> register & 1) == 0 || Expressions[guest].Type.Bits() <= 32)
            return guest;
        for (; place != guest; place = Expressions[place].A)
            if (Expressions[place].Type.Bits() <= 32)
                return Expressions.Guest(0, register, ValueType.I32);
        Close(register);
        return guest;
    }

    // Changes no flags.
    private void Close(int register)
    {
        _map.IsMapped(0, register, out var host);
        _asm.Movsxd(host, host);
        _open &= ~(1u << register);
        _pendingRecord = -1;
    }

    private void CloseAll()
    {
        while (_open != 0)
            Close(BitOperations.TrailingZeroCount(_open));
    }

    // What is known of a register after a value was written to it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SetExtended(int register, bool isExtended, bool isOpen)
    {
        var bit = 1u << register;
        _extended = isExtended ? _extended | bit : _extended & ~bit;
        if (isOpen == ((_open & bit) != 0))
            return;
        _open ^= bit;
        _pendingRecord = -1;
    }

    // A value of 32 bits that is enough to write: the value is its extension, which would cost an instruction; -1 when there is none.
    private int LowerHalf(int value)
    {
        var place = SkipViews(value);
        ref var expression = ref Expressions[place];
        if (expression.Kind == ExpressionKind.Convert)
        {
            if (Expressions[expression.A].Type != ValueType.I32 || expression.Type.Bits() != 64)
                return -1;
            var inner = expression.A;
            while ((Expressions[inner].Traits & ExpressionTraits.KeepsLowBits) != 0)
                inner = Expressions[inner].A;
            return Expressions[inner].Kind switch
            {
                ExpressionKind.Guest => IsOpen(inner) ? Expressions.Guest(0, Expressions[inner].Register, ValueType.I32) : -1,
                ExpressionKind.Unary or ExpressionKind.Binary or ExpressionKind.Select or ExpressionKind.Call => expression.A,
                _ => -1,
            };
        }
        var isOpen = false;
        return _open != 0 && IsExtended(place, ref isOpen) && isOpen ? Cut(place) : -1;
    }

    // Whether a value of 64 bits is its lower half, extended by the sign; and whether a register that it reads is open.
    private bool IsExtended(int place, ref bool isOpen)
    {
        place = SkipViews(place);
        ref var expression = ref Expressions[place];
        switch (expression.Kind)
        {
            case ExpressionKind.Constant:
                return expression.Bits == (int)expression.Bits;
            case ExpressionKind.Guest:
                isOpen |= IsOpen(place);
                return expression.File == 0 && (_extended >> expression.Register & 1) != 0;
            case ExpressionKind.Convert:
                return Expressions[expression.A].Type is { } from && (from.Bits() < 32 || from == ValueType.I32);
            case ExpressionKind.Unary:
                return expression.Operator == (byte)UnaryOperator.Complement && IsExtended(expression.A, ref isOpen);
            case ExpressionKind.Binary:
                return (BinaryOperator)expression.Operator is BinaryOperator.And or BinaryOperator.Or or BinaryOperator.Xor &&
                    IsExtended(expression.A, ref isOpen) && IsExtended(expression.B, ref isOpen);
            default:
                return false;
        }
    }

    private bool IsOpen(int guest) => Expressions[guest].File == 0 && (_open >> Expressions[guest].Register & 1) != 0;

    // The lower half of a value that IsExtended.
    private int Cut(int place)
    {
        place = SkipViews(place);
        ref var expression = ref Expressions[place];
        return expression.Kind switch
        {
            ExpressionKind.Constant => Expressions.Constant(ValueType.I32, (int)expression.Bits),
            ExpressionKind.Guest => Expressions.Guest(0, expression.Register, ValueType.I32),
            ExpressionKind.Unary => Expressions.Unary((UnaryOperator)expression.Operator, Cut(expression.A)),
            ExpressionKind.Binary => Expressions.Binary((BinaryOperator)expression.Operator, Cut(expression.A), Cut(expression.B)),
            _ => Expressions.Convert(ValueType.I32, expression.A),
        };
    }

    // Through conversions between signed and unsigned.
    private int SkipViews(int place)
    {
        while ((Expressions[place].Traits & ExpressionTraits.KeepsAllBits) != 0)
            place = Expressions[place].A;
        return place;
    }

    // The host's flags are those of a value that was just computed into a register.
    private void NoteFlags(X64Alu operation, X64Size size, X64Register register)
    {
        if (operation != X64Alu.Cmp)
            (_flagsOf, _flagsSize, _flagsAt) = (register, size, _asm.Length);
    }

    private bool HasFlags(X64Size size, X64Register register) =>
        _flagsAt == _asm.Length && _flagsOf == register && _flagsSize == size;
}
