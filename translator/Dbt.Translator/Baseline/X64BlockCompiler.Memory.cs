using System.Numerics;
using Dbt.Isa.Semantics;
using Dbt.Translator.HostCode.X64;
using Dbt.Translator.Semantics;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Baseline;

// Accesses to guest memory. A guest address must be below the end of the guest's window. What is compared is the base register of an
// address, once while it does not change: displacements are small, and the guard areas around the window are bigger.
internal sealed unsafe partial class X64BlockCompiler
{
    // Half of a guard area: a wide access begins in it and ends in it.
    private const int Near = 32 << 10;
    private const int LongestStride = Near / 4;

    // Bases that are checked in front of a loop, and how far they are from the last access when it begins anew.
    private readonly List<CheckedBase> _bases = [];

    // Registers through which memory was accessed, and those that have moved by constants only, since the block's start.
    private uint _walked;
    private uint _derived;

    private static bool IsNear(long distance) => distance is > -Near and < Near;

    // The register and distance of the last Address.
    private int _base;
    private long _distance;

    // The address as a register and a distance; register -1 when it is something else.
    private int BaseAndDistance(int value, out long distance)
    {
        distance = 0;
        var place = SkipViews(value);
        ref var sum = ref Expressions[place];
        if (sum.Kind == ExpressionKind.Binary && sum.Operator == (byte)BinaryOperator.Add && sum.Type.Bits() == 64 &&
            Expressions[sum.B].Kind == ExpressionKind.Constant)
        {
            distance = Expressions[sum.B].Bits;
            place = SkipViews(sum.A);
        }
        ref var guest = ref Expressions[place];
        if (guest.Kind == ExpressionKind.Guest && guest.File == 0)
            return guest.Register;
        distance = 0;
        return -1;
    }

    // The operand of an access; what has to be checked is. The address is a U64.
    private X64Memory Address(int value)
    {
        ref var expression = ref Expressions[Strip64(value)];
        _base = -1;
        if (expression.Kind == ExpressionKind.Constant)
            return Address((ulong)expression.Bits);
        var register = _base = BaseAndDistance(value, out var distance);
        _distance = distance;
        if (register < 0 || !IsNear(distance))
        {
            var whole = Use(value);
            if (!IsBelow4GiB(value))
                Check(whole);
            return X64Memory.At(X64RegisterMap.Memory, whole);
        }
        var host = Use(Expressions.Guest(0, register));
        var bit = 1u << register;
        if ((_checked & bit) == 0 || !IsNear(_drift[register] + distance))
        {
            Check(host);
            _drift[register] = 0;
            _checked |= bit;
        }
        return X64Memory.At(X64RegisterMap.Memory, host, 1, (int)distance);
    }

    private X64Memory Address(ulong address)
    {
        // A hart's window is known when its code is compiled. Outside of it, the interpreter says what is wrong.
        if (address >= _limit && !_trusted)
            _asm.Jmp(ref AddCold(ColdKind.Step).Label);
        if (address <= int.MaxValue)
            return X64Memory.At(X64RegisterMap.Memory, (int)address);
        var scratch = Allocate();
        _asm.Mov(scratch, address);
        return X64Memory.At(X64RegisterMap.Memory, scratch);
    }

    private void Check(X64Register address)
    {
        if (_trusted)
            return;
        _asm.Cmp(X64Size.Qword, address, _memoryLimit);
        _asm.Jcc(X64Condition.AboveOrEqual, ref AddCold(ColdKind.Step).Label);
    }

    // Addresses of 32-bit guests.
    private bool IsBelow4GiB(int value)
    {
        ref var expression = ref Expressions[value];
        return expression.Kind == ExpressionKind.Convert && Expressions[expression.A].Type == ValueType.U32 && _limit > uint.MaxValue;
    }

    private void EvaluateLoad(int place, X64Register destination, ValueType type)
    {
        ref var expression = ref Expressions[place];
        if (place == _openLoad)
            _openLoad = -1;
        var loaded = expression.Type;
        var address = expression.A;
        var source = _system ? ThroughTlb(address, loaded, TlbAccess.Load, destination) : Address(address);
        var size = type.Bits() == 64 ? X64Size.Qword : X64Size.Dword;
        NoteAccess();
        switch (loaded)
        {
            case ValueType.I8:
                _asm.MovsxByte(size, destination, source);
                break;
            case ValueType.U8:
                _asm.MovzxByte(destination, source);
                break;
            case ValueType.I16:
                _asm.MovsxWord(size, destination, source);
                break;
            case ValueType.U16:
                _asm.MovzxWord(destination, source);
                break;
            case ValueType.I32 when size == X64Size.Qword:
                _asm.Movsxd(destination, source);
                break;
            case ValueType.I32 or ValueType.U32 or ValueType.F32:
                _asm.Mov(X64Size.Dword, destination, source);
                break;
            default:
                _asm.Mov(X64Size.Qword, destination, source);
                break;
        }
        NoteWalk();
    }

    // The access to the last Address has not failed, so the place is inside of the guest's window: from here on, distances count from it.
    private void NoteWalk()
    {
        if (_base < 0 || !IsNear(_distance) || (_checked >> _base & 1) == 0)
            return;
        _drift[_base] = -(int)_distance;
        _walked |= 1u << _base;
    }

    // After a loop was compiled once: the bases that every iteration accesses memory through and moves by constants only, if at all. They are
    // checked in front of the loop, once: each access that does not fail says of the next one that it is inside of the window or in the guard
    // area behind it, where it fails.
    private bool ChooseBases()
    {
        for (var rest = _checked & _walked & _derived; rest != 0 && !_trusted; rest &= rest - 1)
        {
            var register = BitOperations.TrailingZeroCount(rest);
            if (_drift[register] is > -LongestStride and < LongestStride)
                _bases.Add(new(register, _drift[register]));
        }
        return _bases.Count > 0;
    }

    // What fails here is executed by the interpreter up to the next block.
    private void CheckBases()
    {
        foreach (var (register, drift) in _bases)
        {
            var host = Use(Expressions.Guest(0, register));
            _asm.Cmp(X64Size.Qword, host, _memoryLimit);
            _asm.Jcc(X64Condition.AboveOrEqual, ref AddCold(ColdKind.Enter).Label);
            _busy = 0;
            _checked |= 1u << register;
            _drift[register] = drift;
        }
        ForgetCopies();
    }

    // A register whose value is inside of the guest's window, but for its drift.
    private sealed record CheckedBase(int Register, int Drift);
}
