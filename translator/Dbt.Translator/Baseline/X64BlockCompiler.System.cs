using System.Numerics;
using Dbt.Isa;
using Dbt.Isa.Systems;
using Dbt.Translator.Cache;
using Dbt.Translator.HostCode.X64;
using Dbt.Translator.Semantics;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Baseline;

// System mode. Accesses to guest memory go through the hart's software TLB; what it does not know, the interpreter does, and code goes on
// behind it. Code polls SystemHeader.Attention where the guest could loop. Direct jumps are patched within a page only: what else a pc leads to
// may change under the code, and the jump cache knows.
internal sealed unsafe partial class X64BlockCompiler
{
    // The longest instruction of any guest here: one that begins closer to a page's end may go on in the next page.
    private const int LongestInstruction = sizeof(uint);

    private static readonly int s_entryShift = TlbEntry.PageBits - BitOperations.Log2((uint)sizeof(TlbEntry));

    private readonly bool _system;

    private int JumpEntries => _system ? JumpCache.SystemCount : JumpCacheEntry.Count;

    // Whether a jump may lead straight to a target for as long as the block exists. A target that may go on in the next page is
    // looked up each time: that page may become another one.
    private bool MayLink(ulong target) => !_system ||
        (target ^ _block.Start) < GuestPage.Size && (target & GuestPage.Size - 1) <= GuestPage.Size - LongestInstruction;

    // As an indirect jump does, with a place in the table that is known now.
    private void LookUp(ulong target)
    {
        var place = (int)(target >> 1 & (uint)JumpEntries - 1) * sizeof(JumpCacheEntry);
        _asm.Mov(X64Register.Rax, target);
        _asm.Mov(X64Size.Qword, X64Register.Rdx, _map.Field(X64RegisterMap.JumpCache));
        _asm.Cmp(X64Size.Qword, X64Memory.At(X64Register.Rdx, place), X64Register.Rax);
        _asm.Jcc(X64Condition.NotEqual, _stubs.IndirectExit);
        _asm.Jmp(X64Memory.At(X64Register.Rdx, place + sizeof(ulong)));
    }

    // In front of a jump of which nothing has happened; or it has, and rax is where it leads.
    private void PollAttention(int instruction)
    {
        _asm.Cmp(X64Size.Dword, _map.Attention, 0);
        if (instruction != FaultSite.Jumped)
        {
            _asm.Jcc(X64Condition.NotEqual, ref AddCold(ColdKind.Step).Label);
            return;
        }
        if (_exchanges.Count == 0)
        {
            _asm.Jcc(X64Condition.NotEqual, _stubs.IndirectExit);
            return;
        }
        X64Label quiet = default;
        _asm.JccShort(X64Condition.Equal, ref quiet);
        UndoExchanges(_written);
        _asm.Jmp(_stubs.IndirectExit);
        _asm.Bind(ref quiet);
    }

    // Behind an instruction that the interpreter executed, and that may have asked for attention: the hart's Pc is the next one.
    private void LeaveForAttention()
    {
        _asm.Cmp(X64Size.Dword, _map.Attention, 0);
        _asm.Jcc(X64Condition.NotEqual, _stubs.MissExit);
    }

    // The operand of an access, when the TLB knows its page. The scratch register that will hold what is loaded, if any, is free meanwhile.
    private X64Memory ThroughTlb(int value, ValueType type, TlbAccess access, X64Register loaded = X64Register.Rsp)
    {
        var bytes = type.Bits() / 8;
        ref var expression = ref Expressions[Strip64(value)];
        if (expression.Kind == ExpressionKind.Constant)
            return ThroughTlb((ulong)expression.Bits, bytes, access);
        var register = BaseAndDistance(value, out var distance);
        if (register < 0 || distance != (int)distance || (int)distance + bytes - 1 < (int)distance)
            (register, distance) = (-1, 0);
        var host = Use(register < 0 ? value : Expressions.Guest(0, register));
        var addend = CheckTlb(host, (int)distance, bytes, access, loaded);
        return X64Memory.At(addend, host, 1, (int)distance);
    }

    // A place that is known now has its tag and its entry known.
    private X64Memory ThroughTlb(ulong address, int bytes, TlbAccess access)
    {
        var page = address & ~(TlbEntry.PageSize - 1);
        var tag = Allocate();
        var addend = Allocate();
        var entry = (int)(address >> TlbEntry.PageBits & TlbEntry.Count - 1) * sizeof(TlbEntry);
        _asm.Mov(tag, TlbEntry.PageOfEnd(address, bytes));
        _asm.Cmp(X64Size.Qword, X64Memory.At(X64RegisterMap.Tlb, entry + TagOf(access)), tag);
        _asm.Jcc(X64Condition.NotEqual, ref AddMiss().Label);
        _asm.Mov(X64Size.Qword, addend, X64Memory.At(X64RegisterMap.Tlb, entry + AddendOffset));
        return X64Memory.At(addend, tag, 1, (int)(address - page));
    }

    // Leaves for what the TLB does not know, and gives a scratch register with what makes a host address of a guest address in the page.
    private X64Register CheckTlb(X64Register host, int distance, int bytes, TlbAccess access, X64Register spare)
    {
        // As in SystemAccess: the entry is that of the first byte, the tag must be that of the last one.
        var spareIsFree = (Scratch >> (int)spare & 1) != 0 && spare != host;
        var end = spareIsFree ? spare : Allocate();
        var entry = Allocate();
        if (distance == 0)
            _asm.Mov(X64Size.Dword, entry, host);
        else
            _asm.Lea(X64Size.Dword, entry, X64Memory.At(host, distance));
        _asm.Shift(X64Shift.Shr, X64Size.Dword, entry, s_entryShift);
        _asm.And(X64Size.Dword, entry, (TlbEntry.Count - 1) * sizeof(TlbEntry));
        if (distance + bytes - 1 == 0)
            _asm.Mov(X64Size.Qword, end, host);
        else
            _asm.Lea(X64Size.Qword, end, X64Memory.At(host, distance + bytes - 1));
        _asm.And(X64Size.Qword, end, -(int)TlbEntry.PageSize);
        _asm.Cmp(X64Size.Qword, X64Memory.At(X64RegisterMap.Tlb, entry, 1, TagOf(access)), end);
        _asm.Jcc(X64Condition.NotEqual, ref AddMiss().Label);
        _asm.Mov(X64Size.Qword, entry, X64Memory.At(X64RegisterMap.Tlb, entry, 1, AddendOffset));
        if (!spareIsFree)
            _busy &= ~(1u << (int)end) | _pinned;
        return entry;
    }

    private static int AddendOffset => 2 * sizeof(ulong);

    private static int TagOf(TlbAccess access) => access == TlbAccess.Load ? 0 : sizeof(ulong);

    // The interpreter executes the instruction, and code goes on behind it, unless that is known to lead elsewhere.
    private ref Cold AddMiss() =>
        ref AddCold((_lifter.Isa.TraitsOf(Current.Instruction.Operation) & OperationTraits.EndsBlock) != 0 ? ColdKind.Step : ColdKind.Miss);

    // The interpreter leaves nothing in scratch registers: those that hold copies where code goes on get them from the homes.
    private void EmitMiss(in Cold miss)
    {
        PlacePending(miss.Pending);
        UndoExchanges(_written);
        _asm.Mov(X64Register.Rax, (ulong)(_block.Trace + 1 + miss.Index));
        _asm.Call(_stubs.StepCall);
        MakeExchanges();
        Reload(X64Register.Rax, miss.Copies.A);
        Reload(X64Register.Rcx, miss.Copies.C);
        Reload(X64Register.Rdx, miss.Copies.D);
        _asm.Jmp(miss.Back);
    }

    private void Reload(X64Register scratch, int register)
    {
        if (register >= 0)
            _asm.Mov(X64Size.Qword, scratch, _map.Home(0, register));
    }

    private void StoreThroughTlb(ValueType type, int address, int value)
    {
        var size = SizeOf(type);
        // What is no computation waits until the check does not need its scratch register any more.
        ref var expression = ref Expressions[value];
        var (kind, bits, file, register) = (expression.Kind, expression.Bits, expression.File, expression.Register);
        var source = IsLeaf(value) ? X64Register.Rsp : Use(value);
        var target = ThroughTlb(address, type, TlbAccess.Store);
        if (kind == ExpressionKind.Constant && bits == (int)bits)
            _asm.Mov(size, target, (int)bits);
        else if (kind == ExpressionKind.Guest && _map.IsVector(file, register, out var vector) && type.Bits() >= 32)
            _asm.Movs(PrecisionOf(type), target, vector);
        else
            _asm.Mov(size, target, source == X64Register.Rsp ? Use(value) : source);
        _busy = _pinned;
    }

    // Gives a register with the guest address, aligned for the type, and the addend of its page. A scratch register is free meanwhile.
    private X64Register AtomicThroughTlb(int place, ValueType type, TlbAccess access, X64Register spare, out X64Register addend)
    {
        if (type.Bits() < 32)
            Decline();
        var address = Use(place);
        _asm.Test(X64Size.Byte, address, type.Bits() / 8 - 1);
        _asm.Jcc(X64Condition.NotEqual, ref AddMiss().Label);
        addend = CheckTlb(address, 0, type.Bits() / 8, access, spare);
        return address;
    }

    // The place in one register, so that the address' own is free, if it is a scratch register.
    private X64Memory AtomicTarget(X64Register address, X64Register addend)
    {
        _asm.Add(X64Size.Qword, addend, address);
        _busy &= ~(1u << (int)address & Scratch) | _pinned;
        return X64Memory.At(addend);
    }

    private int LoadReservedThroughTlb(ValueType type, int place)
    {
        var address = AtomicThroughTlb(place, type, TlbAccess.Load, X64Register.Rsp, out var value);
        _asm.Mov(X64Size.Qword, _map.Field(X64RegisterMap.ReservationAddress), address);
        if (type.Bits() == 64)
            _asm.Mov(X64Size.Qword, value, X64Memory.At(value, address));
        else
            _asm.Movsxd(value, X64Memory.At(value, address));
        _asm.Mov(X64Size.Qword, _map.Field(X64RegisterMap.ReservationValue), value);
        return Pinned(value, type);
    }

    private int StoreConditionalThroughTlb(ValueType type, int place, int value)
    {
        const X64Register Expected = X64Register.Rax;
        var address = AtomicThroughTlb(place, type, TlbAccess.Store, Expected, out var addend);
        var size = SizeOf(type);
        X64Label done = default;
        _asm.Cmp(X64Size.Qword, _map.Field(X64RegisterMap.ReservationAddress), address);
        _asm.JccShort(X64Condition.NotEqual, ref done);
        var target = AtomicTarget(address, addend);
        var source = Use(value);
        _asm.Mov(size, Expected, _map.Field(X64RegisterMap.ReservationValue));
        CompareExchange(size, target, source);
        _asm.Bind(ref done);
        // What was read in between is there on one way only.
        ForgetCopies();
        _asm.Mov(X64Size.Qword, _map.Field(X64RegisterMap.ReservationAddress), unchecked((int)HartHeader.NoReservation));
        _asm.Set(X64Condition.NotEqual, Expected);
        _asm.MovzxByte(Expected, Expected);
        return Pinned(Expected, ValueType.I32);
    }
}
