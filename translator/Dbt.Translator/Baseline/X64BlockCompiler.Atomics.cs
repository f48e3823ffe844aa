using Dbt.Isa;
using Dbt.Isa.Semantics;
using Dbt.Translator.HostCode.X64;
using Dbt.Translator.Semantics;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Baseline;

// Atomic accesses to guest memory, as GuestAtomics has them: by locked instructions of the host, which nothing passes, whatever order the
// guest asks for. Misaligned addresses and those outside of the guest's window are the interpreter's. No guest register and nothing of
// the reservation has changed when an access faults.
internal sealed unsafe partial class X64BlockCompiler
{
    /// <summary>Read-modify-write; happens when the next statement is known, which tells whether the old value is wanted.</summary>
    public int Atomic(AtomicOperator op, ValueType type, int address, int value)
    {
        BeginStatement();
        return _openLoad = Expressions.Access(ExpressionKind.Atomic, type, address, op, value);
    }

    /// <summary>Loads, and remembers address and value.</summary>
    public int LoadReserved(ValueType type, int address)
    {
        BeginStatement();
        if (_system)
            return LoadReservedThroughTlb(type, address);
        var guest = AtomicAddress(address, type, isExact: false);
        var value = Allocate();
        NoteAccess();
        if (type.Bits() == 64)
            _asm.Mov(X64Size.Qword, value, X64Memory.At(X64RegisterMap.Memory, guest));
        else
            _asm.Movsxd(value, X64Memory.At(X64RegisterMap.Memory, guest));
        _asm.Mov(X64Size.Qword, _map.Field(X64RegisterMap.ReservationAddress), guest);
        _asm.Mov(X64Size.Qword, _map.Field(X64RegisterMap.ReservationValue), value);
        return Pinned(value, type);
    }

    /// <summary>Stores when the reservation is for this address and memory still has the value that was loaded.</summary>
    public int StoreConditional(ValueType type, int address, int value)
    {
        const X64Register Expected = X64Register.Rax;
        BeginStatement();
        TryTake(Expected, unless: X64Register.Rsp);
        // Exactly: without a reservation nothing is accessed, so no guard area would tell an address outside of the window.
        if (_system)
            return StoreConditionalThroughTlb(type, address, value);
        var guest = AtomicAddress(address, type, isExact: true);
        var source = Use(value);
        var size = SizeOf(type);
        X64Label done = default;
        _asm.Cmp(X64Size.Qword, _map.Field(X64RegisterMap.ReservationAddress), guest);
        _asm.JccShort(X64Condition.NotEqual, ref done);
        _asm.Mov(size, Expected, _map.Field(X64RegisterMap.ReservationValue));
        NoteAccess();
        CompareExchange(size, X64Memory.At(X64RegisterMap.Memory, guest), source);
        _asm.Bind(ref done);
        _asm.Mov(X64Size.Qword, _map.Field(X64RegisterMap.ReservationAddress), unchecked((int)HartHeader.NoReservation));
        _asm.Set(X64Condition.NotEqual, Expected);
        _asm.MovzxByte(Expected, Expected);
        return Pinned(Expected, ValueType.I32);
    }

    private void EmitAtomic(int place, bool isUsed)
    {
        const X64Register Old = X64Register.Rax;
        var atomic = Expressions[place];
        var op = (AtomicOperator)atomic.Operator;
        var size = SizeOf(atomic.Type);
        TryTake(Old, unless: X64Register.Rsp);
        X64Memory guest;
        if (_system)
        {
            var address = AtomicThroughTlb(atomic.A, atomic.Type, TlbAccess.Store, Old, out var addend);
            guest = AtomicTarget(address, addend);
        }
        else
        {
            guest = X64Memory.At(X64RegisterMap.Memory, AtomicAddress(atomic.A, atomic.Type, isExact: false));
        }
        var value = Strip(atomic.B);
        if (!isUsed && TryAlu(op, out var operation))
        {
            var operand = OperandOf(value);
            if (operand.IsMemory)
                operand = HostOperand.Of(Load(operand.Memory));
            NoteAccess();
            Update(operation, size, guest, operand);
        }
        else if (op is AtomicOperator.Add or AtomicOperator.Exchange || op is AtomicOperator.Or or AtomicOperator.Xor && IsConstant(value, 0))
        {
            Evaluate(value, Old);
            if (op == AtomicOperator.Exchange)
                Exchange(size, guest, Old);
            else
                ExchangeAdd(size, guest, Old);
        }
        else
        {
            EmitAtomicLoop(op, atomic.Type, guest, value, Old);
        }
        _pinned |= 1u << (int)Old;
        _busy = _pinned;
        Expressions[place].SetRegister(ExpressionKind.Host, atomic.Type, 0, (int)Old);
    }

    // Compare-and-swap until nobody came between.
    private void EmitAtomicLoop(AtomicOperator op, ValueType type, X64Memory guest, int value, X64Register old)
    {
        var size = SizeOf(type);
        var operand = OperandOf(value);
        var isAlu = TryAlu(op, out var operation);
        var next = Allocate();
        NoteAccess();
        _asm.Mov(size, old, guest);
        X64Label again = default;
        if (_locks)
            _asm.Bind(ref again);
        _asm.Mov(size, next, old);
        Apply(isAlu ? operation : X64Alu.Cmp, size, next, operand);
        if (!isAlu)
        {
            X64Label keeps = default;
            _asm.JccShort((op == AtomicOperator.Minimum, type.IsSigned()) switch
            {
                (true, true) => X64Condition.LessOrEqual,
                (true, false) => X64Condition.BelowOrEqual,
                (false, true) => X64Condition.GreaterOrEqual,
                _ => X64Condition.AboveOrEqual,
            }, ref keeps);
            Move(size, next, operand);
            _asm.Bind(ref keeps);
        }
        NoteAccess();
        if (!_locks)
        {
            _asm.Mov(size, guest, next);
            return;
        }
        _asm.LockCmpxchg(size, guest, next);
        _asm.JccShort(X64Condition.NotEqual, ref again);
    }

    private void Update(X64Alu operation, X64Size size, X64Memory guest, in HostOperand operand)
    {
        switch (_locks, operand.IsConstant)
        {
            case (true, true):
                _asm.LockAlu(operation, size, guest, operand.Constant);
                break;
            case (true, false):
                _asm.LockAlu(operation, size, guest, operand.Register);
                break;
            case (false, true):
                _asm.Alu(operation, size, guest, operand.Constant);
                break;
            default:
                _asm.Alu(operation, size, guest, operand.Register);
                break;
        }
    }

    // xchg is locked without being told.
    private void Exchange(X64Size size, X64Memory guest, X64Register value)
    {
        if (_locks)
        {
            NoteAccess();
            _asm.Xchg(size, guest, value);
            return;
        }
        var old = Allocate();
        NoteAccess();
        _asm.Mov(size, old, guest);
        NoteAccess();
        _asm.Mov(size, guest, value);
        _asm.Mov(size, value, old);
    }

    private void ExchangeAdd(X64Size size, X64Memory guest, X64Register value)
    {
        NoteAccess();
        if (_locks)
            _asm.LockXadd(size, guest, value);
        else
            _asm.Xadd(size, guest, value);
    }

    private void CompareExchange(X64Size size, X64Memory guest, X64Register value)
    {
        if (_locks)
            _asm.LockCmpxchg(size, guest, value);
        else
            _asm.Cmpxchg(size, guest, value);
    }

    private void Move(X64Size size, X64Register destination, in HostOperand source)
    {
        if (source.IsConstant)
            _asm.Mov(destination, size == X64Size.Dword ? (uint)source.Constant : (ulong)source.Constant);
        else if (source.IsMemory)
            _asm.Mov(size, destination, source.Memory);
        else
            _asm.Mov(size, destination, source.Register);
    }

    private static bool TryAlu(AtomicOperator op, out X64Alu operation)
    {
        operation = op switch
        {
            AtomicOperator.Add => X64Alu.Add,
            AtomicOperator.And => X64Alu.And,
            AtomicOperator.Or => X64Alu.Or,
            AtomicOperator.Xor => X64Alu.Xor,
            _ => X64Alu.Cmp,
        };
        return operation != X64Alu.Cmp;
    }

    // A register with the guest address, aligned for the type and inside of the guest's window; or in its guard area, unless it is exact.
    private X64Register AtomicAddress(int place, ValueType type, bool isExact)
    {
        if (type.Bits() < 32)
            Decline();
        var register = BaseAndDistance(place, out var distance);
        var address = Use(place);
        var bit = register >= 0 && distance == 0 ? 1u << register : 0;
        var isChecked = (_checked & bit) != 0 && !(isExact && _drift[register] != 0) || IsBelow4GiB(place);
        if (!isChecked)
        {
            Check(address);
            if (bit != 0)
                _drift[register] = 0;
            _checked |= bit;
        }
        _asm.Test(X64Size.Byte, address, type.Bits() / 8 - 1);
        _asm.Jcc(X64Condition.NotEqual, ref AddCold(ColdKind.Step).Label);
        return address;
    }

    // A value in a scratch register, which it keeps until the instruction's end.
    private int Pinned(X64Register scratch, ValueType type)
    {
        _pinned |= 1u << (int)scratch;
        _busy = _pinned;
        return Expressions.Host(type, (int)scratch);
    }
}
