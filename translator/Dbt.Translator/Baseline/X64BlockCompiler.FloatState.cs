using Dbt.Isa;
using Dbt.Isa.FloatingPoint;
using Dbt.Translator.HostCode.X64;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Baseline;

// The hart's floating-point state. The guest's flags are those in the hart's state and those in MXCSR, which collects what was raised since
// it was loaded; its direction is the guest's.
internal sealed unsafe partial class X64BlockCompiler
{
    // The mask of exceptions, as ever, and the direction.
    private const int MxcsrModes = ~0x3F;

    /// <summary>Whether an instruction that accesses system registers concerns these only.</summary>
    public bool HoldsFloatingPointState(in Instruction instruction) => _lifter.Isa.AccessesFloatingPointState(instruction, Extensions);

    /// <summary>The flags, from both places.</summary>
    public int ReadFpFlags()
    {
        BeginStatement();
        var flags = Allocate();
        var busy = _busy;
        var table = Allocate();
        _busy = busy;
        _asm.Stmxcsr(X64Stubs.Scratch);
        _asm.Lea(X64Size.Qword, table, _asm.RipRelative(_stubs.Tables.Flags));
        _asm.Mov(X64Size.Dword, flags, X64Stubs.Scratch);
        _asm.And(X64Size.Dword, flags, X64FloatTables.MxcsrFlags);
        _asm.MovzxByte(flags, X64Memory.At(table, flags));
        _asm.Or(X64Size.Dword, flags, _map.Field(X64RegisterMap.FpFlags));
        return Pinned(flags, ValueType.U64);
    }

    /// <summary>Replaces the flags. MXCSR is only loaded when it has one that is not among them: Inexact is, mostly.</summary>
    public void WriteFpFlags(int value)
    {
        BeginStatement();
        X64Label clear = default, kept = default;
        _asm.Mov(X64Size.Dword, _map.Field(X64RegisterMap.FpFlags), Use(value));
        _asm.Stmxcsr(X64Stubs.Scratch);
        _asm.Test(X64Size.Byte, X64Stubs.Scratch, X64FloatTables.MxcsrFlags & ~X64FloatTables.MxcsrInexact);
        _asm.JccShort(X64Condition.NotEqual, ref clear);
        _asm.Test(X64Size.Byte, _map.Field(X64RegisterMap.FpFlags), (int)FloatingPointFlags.Inexact);
        _asm.JccShort(X64Condition.NotEqual, ref kept);
        _asm.Test(X64Size.Byte, X64Stubs.Scratch, X64FloatTables.MxcsrInexact);
        _asm.JccShort(X64Condition.Equal, ref kept);
        _asm.Bind(ref clear);
        _asm.And(X64Size.Dword, X64Stubs.Scratch, MxcsrModes);
        _asm.Ldmxcsr(X64Stubs.Scratch);
        _asm.Bind(ref kept);
        _busy = _pinned;
    }

    /// <summary>The dynamic rounding mode.</summary>
    public int ReadFpRounding()
    {
        BeginStatement();
        var mode = Allocate();
        _asm.Mov(X64Size.Dword, mode, _map.Field(X64RegisterMap.FpRounding));
        return Pinned(mode, ValueType.U64);
    }

    /// <summary>Changes the dynamic rounding mode, and MXCSR's direction with it.</summary>
    public void WriteFpRounding(int value)
    {
        BeginStatement();
        X64Label same = default;
        var mode = Allocate();
        Evaluate(value, mode);
        var table = Allocate();
        _asm.Cmp(X64Size.Dword, _map.Field(X64RegisterMap.FpRounding), mode);
        _asm.JccShort(X64Condition.Equal, ref same);
        _asm.Mov(X64Size.Dword, _map.Field(X64RegisterMap.FpRounding), mode);
        _asm.Lea(X64Size.Qword, table, _asm.RipRelative(_stubs.Tables.Modes));
        _asm.Mov(X64Size.Dword, mode, X64Memory.At(table, mode, 4));
        _asm.Stmxcsr(X64Stubs.Scratch);
        _asm.And(X64Size.Dword, X64Stubs.Scratch, ~MxcsrModes);
        _asm.Or(X64Size.Dword, X64Stubs.Scratch, mode);
        _asm.Ldmxcsr(X64Stubs.Scratch);
        _asm.Bind(ref same);
        _busy = _pinned;
        _roundsDynamically = false;
    }
}
