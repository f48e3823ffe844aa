using Dbt.Isa.Semantics;
using Dbt.Translator.Semantics;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Baseline;

// Guests without an instruction for it extend a narrow value by shifting it to the top and back: the host has a move for that. The first
// shift is compiled on its own; when the second one follows at once, what was written for the first one is taken back.
internal sealed unsafe partial class X64BlockCompiler
{
    private readonly int[] _copiesBeforeShift = new int[ScratchNumbers];
    private ShiftToTop _toTop;
    private uint _openBeforeShift;

    /// <summary>The last register that was written, if by a shift to the left.</summary>
    /// <param name="Register">The register.</param>
    /// <param name="Source">The register that was shifted.</param>
    /// <param name="By">Number of bits; 0 when there was no such shift.</param>
    /// <param name="Start">Where its code begins.</param>
    /// <param name="End">And ends.</param>
    private readonly record struct ShiftToTop(int Register, int Source, int By, int Start, int End);

    // A write of this value begins: an extension when it is the second shift, the value otherwise.
    private int ExtensionOf(int index, int value)
    {
        var (register, source, by, start, end) = _toTop;
        _toTop = default;
        if (!IsShiftOfRegister(value, out var shift, out var from, out var back))
            return value;
        if (shift.Operator == (byte)BinaryOperator.ShiftLeft)
        {
            if (_asm.Length == _mark)
            {
                _copies.CopyTo(_copiesBeforeShift, 0);
                _openBeforeShift = _open;
                _toTop = new(index, from, back, _mark, 0);
            }
            return value;
        }
        if (end != _asm.Length || register != index || from != index || _pinned != 0)
            return value;
        var isSigned = shift.Operator == (byte)BinaryOperator.ShiftRight && shift.Type.IsSigned();
        ValueType? narrow = (by, isSigned) switch
        {
            (32, true) => ValueType.I32,
            (32, false) => ValueType.U32,
            (48, true) => ValueType.I16,
            (48, false) => ValueType.U16,
            (56, true) => ValueType.I8,
            (56, false) => ValueType.U8,
            _ => null,
        };
        if (narrow is not { } type || by < back)
            return value;
        _asm.Rewind(start);
        Notes?.MoveLast(_asm.Address);
        _copiesBeforeShift.CopyTo(_copies, 0);
        _open = _openBeforeShift;
        _flagsAt = -1;
        _pendingRecord = -1;
        var extended = Expressions.Convert(isSigned ? ValueType.I64 : ValueType.U64, Expressions.Convert(type, Expressions.Guest(0, source)));
        return by == back
            ? extended
            : Expressions.Binary(BinaryOperator.ShiftLeft, extended, Expressions.Constant(ValueType.I32, by - back));
    }

    private void EndShiftToTop()
    {
        if (_toTop.By != 0)
            _toTop = _toTop with { End = _asm.Length };
    }

    private bool IsShiftOfRegister(int value, out Expression shift, out int register, out int by)
    {
        shift = Expressions[SkipViews(value)];
        (register, by) = (-1, 0);
        if (shift.Kind != ExpressionKind.Binary || shift.Type.Bits() != 64 ||
            (BinaryOperator)shift.Operator is not (BinaryOperator.ShiftLeft or BinaryOperator.ShiftRight or BinaryOperator.ShiftRightLogical) ||
            Expressions[shift.B].Kind != ExpressionKind.Constant)
        {
            return false;
        }
        ref var guest = ref Expressions[SkipViews(shift.A)];
        (register, by) = (guest.Register, (int)Expressions[shift.B].Bits & 63);
        return guest.Kind == ExpressionKind.Guest && guest.File == 0;
    }
}
