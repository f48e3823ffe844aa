using Dbt.Isa;
using Dbt.Translator.Engines;
using Dbt.Translator.HostCode.X64;
using Dbt.Translator.Hypercalls;

namespace Dbt.Translator.Baseline;

/// <summary>Code that all blocks of a code region share: the way in, the ways out, and the call of the interpreter. Addresses as they are executed.</summary>
internal sealed unsafe partial class X64Stubs
{
    // What the host's calling convention wants back (System V ABI, 3.2.1).
    private static readonly X64Register[] s_saved =
        [X64Register.Rbx, X64Register.Rbp, X64Register.R12, X64Register.R13, X64Register.R14, X64Register.R15];

    // Below the saved registers: the host's MXCSR, and a word for whoever wants one. Calls want the stack aligned.
    private const int FrameBytes = 24;
    private const int HostMxcsr = 0;
    private const int FrameScratch = 8;

    private readonly X64RegisterMap _map;
    private readonly X64Assembler _asm;
    private readonly byte* _end;

    /// <summary>Writes the stubs.</summary>
    /// <param name="map">Where guest registers are.</param>
    /// <param name="assembler">Where to.</param>
    /// <param name="step">
    /// C# that executes the instruction at <see cref="HartHeader.Current"/> with the state complete, and gives 0 when it did not
    /// complete and nothing has happened.
    /// </param>
    /// <param name="system">Whether the code is for system mode.</param>
    /// <param name="calls">How hypercall sites are made; null when there are none.</param>
    public X64Stubs(X64RegisterMap map, X64Assembler assembler, delegate* unmanaged<HartHeader*, int> step, bool system, HypercallSettings? calls = null)
    {
        _map = map;
        _asm = assembler;
        Tables = new X64FloatTables(assembler);

        Enter = _asm.Address;
        foreach (var register in s_saved)
            _asm.Push(register);
        _asm.Sub(X64Size.Qword, X64Register.Rsp, FrameBytes);
        _asm.Stmxcsr(X64Memory.At(X64Register.Rsp, HostMxcsr));
        _asm.Lea(X64Size.Qword, X64RegisterMap.State, X64Memory.At(X64Register.Rdi, map.Bias));
        _asm.Mov(X64Size.Qword, X64Register.Rax, X64Register.Rsi);
        if (system)
            _asm.Mov(X64Size.Qword, X64RegisterMap.Tlb, map.CurrentTlb);
        else
            _asm.Mov(X64Size.Qword, X64RegisterMap.Memory, map.Field(X64RegisterMap.MemoryBase));
        LoadRegisters();
        _asm.Jmp(X64Register.Rax);

        var exit = _asm.Address;
        StoreRegisters();
        var storeRest = _asm.Address;
        StoreVectorsAndFlags(0);
        var leave = _asm.Address;
        _asm.Mov(X64Size.Dword, map.Field(X64RegisterMap.Exit), X64Register.Rax);
        _asm.Add(X64Size.Qword, X64Register.Rsp, FrameBytes);
        for (var i = s_saved.Length - 1; i >= 0; i--)
            _asm.Pop(s_saved[i]);
        _asm.Ret();

        Recover = _asm.Address;
        for (var i = 0; i < map.Hot.Length; i++)
            _asm.Mov(X64Size.Qword, map.Field(X64RegisterMap.HostRegisters + i * sizeof(ulong)), X64RegisterMap.HostOf(i));
        _asm.Mov(X64Size.Qword, map.Field(X64RegisterMap.Pc), X64Register.Rax);
        _asm.Mov(X64Size.Qword, map.Field(X64RegisterMap.Current), 0);
        _asm.MovImmediate32(X64Register.Rax, (uint)ExitReason.None);
        _asm.Jmp(storeRest);

        StepExit = _asm.Address;
        _asm.Mov(X64Size.Qword, map.Field(X64RegisterMap.Current), X64Register.Rax);
        Exit(ExitReason.None, exit);

        BudgetExit = _asm.Address;
        _asm.Mov(X64Size.Qword, map.Field(X64RegisterMap.Pc), X64Register.Rax);
        Exit(ExitReason.Budget, exit);

        LinkExit = _asm.Address;
        _asm.Mov(X64Size.Qword, map.Field(X64RegisterMap.LeftThrough), X64Register.Rax);
        _asm.Mov(X64Size.Qword, X64Register.Rax, X64Memory.At(X64Register.Rax, BaselineLink.TargetOffset));
        IndirectExit = _asm.Address;
        _asm.Mov(X64Size.Qword, map.Field(X64RegisterMap.Pc), X64Register.Rax);
        MissExit = _asm.Address;
        Exit(ExitReason.TranslationMiss, exit);

        StepCall = _asm.Address;
        _asm.Mov(X64Size.Qword, map.Field(X64RegisterMap.Current), X64Register.Rax);
        StoreRegisters();
        StoreVectorsAndFlags(8); // the way back is on the stack
        _asm.Sub(X64Size.Qword, X64Register.Rsp, 8);
        _asm.Lea(X64Size.Qword, X64Register.Rdi, X64Memory.At(X64RegisterMap.State, -map.Bias));
        _asm.Mov(X64Register.Rax, (ulong)step);
        _asm.Call(X64Register.Rax);
        _asm.Add(X64Size.Qword, X64Register.Rsp, 8);
        X64Label stopped = default;
        _asm.Test(X64Size.Dword, X64Register.Rax, X64Register.Rax);
        _asm.Jcc(X64Condition.Equal, ref stopped);
        if (system)
            _asm.Mov(X64Size.Qword, X64RegisterMap.Tlb, map.CurrentTlb);
        LoadRegisters();
        _asm.Ret();
        _asm.Bind(ref stopped);
        _asm.Add(X64Size.Qword, X64Register.Rsp, 8);
        _asm.MovImmediate32(X64Register.Rax, (uint)ExitReason.None);
        _asm.Jmp(leave);

        ClassifyDouble = Classify(0x7FFUL << 53, 0x7FFUL << 53 | 1UL << 52, 1UL << 53);
        ClassifySingle = Classify(0xFFUL << 56, 0xFFUL << 56 | 1UL << 55, 1UL << 56);
        if (calls != null)
        {
            CallExit = LeaveAtCall(exit);
            CallLookup = LookUpCall(calls);
        }
        _end = _asm.Address;
    }

    /// <summary>Floating-point constants.</summary>
    public X64FloatTables Tables { get; }

    /// <summary>Four bytes of the frame for whoever wants them, while translated code runs.</summary>
    public static X64Memory Scratch => X64Memory.At(X64Register.Rsp, FrameScratch);

    /// <summary><c>void (HartHeader* state, void* entry)</c>: runs translated code from an entry until it leaves.</summary>
    public byte* Enter { get; }

    /// <summary>
    /// Where an access goes on that failed: leaves with None, no <see cref="HartHeader.Current"/>, the hot registers in
    /// <see cref="HartHeader.HostRegisters"/>, and rax in <see cref="HartHeader.Pc"/>: only the block knows what they hold.
    /// </summary>
    public byte* Recover { get; }

    /// <summary>Leaves with None at the predecoded instruction in rax: it is the interpreter's.</summary>
    public byte* StepExit { get; }

    /// <summary>Has the predecoded instruction in rax interpreted and returns, or leaves as <see cref="StepExit"/>. Changes scratch registers and flags.</summary>
    public byte* StepCall { get; }

    /// <summary>Leaves with Budget; rax is the guest's pc.</summary>
    public byte* BudgetExit { get; }

    /// <summary>Leaves with TranslationMiss through the link in rax.</summary>
    public byte* LinkExit { get; }

    /// <summary>Leaves with TranslationMiss; rax is the guest's pc.</summary>
    public byte* IndirectExit { get; }

    /// <summary>Leaves with TranslationMiss; the guest's pc is in the state.</summary>
    public byte* MissExit { get; }

    /// <summary>The class of the binary64 in rax, as one bit of ten in rax. Changes rcx, rdx and flags.</summary>
    public byte* ClassifyDouble { get; }

    /// <summary>The same for a binary32 in the upper half of rax; the lower one is 0.</summary>
    public byte* ClassifySingle { get; }

    /// <summary>What the stubs are called, by address.</summary>
    public IReadOnlyDictionary<ulong, string> Names => CallExit == null ? CommonNames : new Dictionary<ulong, string>(CommonNames)
    {
        [(ulong)CallExit] = nameof(CallExit),
        [(ulong)CallLookup] = nameof(CallLookup),
    };

    private Dictionary<ulong, string> CommonNames => new()
    {
        [(ulong)Enter] = nameof(Enter),
        [(ulong)Recover] = nameof(Recover),
        [(ulong)StepExit] = nameof(StepExit),
        [(ulong)StepCall] = nameof(StepCall),
        [(ulong)BudgetExit] = nameof(BudgetExit),
        [(ulong)LinkExit] = nameof(LinkExit),
        [(ulong)IndirectExit] = nameof(IndirectExit),
        [(ulong)MissExit] = nameof(MissExit),
        [(ulong)ClassifyDouble] = nameof(ClassifyDouble),
        [(ulong)ClassifySingle] = nameof(ClassifySingle),
    };

    /// <summary>Tells a listener of each stub: from its address up to the next.</summary>
    public void Announce(ICodeListener listener, string engine)
    {
        var end = _end;
        foreach (var (address, name) in Names.OrderByDescending(stub => stub.Key))
        {
            listener.StubAdded(engine, name, (byte*)address, (int)(end - (byte*)address));
            end = (byte*)address;
        }
    }

    private void Exit(ExitReason reason, byte* exit)
    {
        _asm.MovImmediate32(X64Register.Rax, (uint)reason);
        _asm.Jmp(exit);
    }

    private void LoadRegisters()
    {
        _asm.Mov(X64Size.Dword, X64Register.Rcx, _map.Field(X64RegisterMap.FpRounding));
        _asm.And(X64Size.Dword, X64Register.Rcx, 7);
        _asm.Lea(X64Size.Qword, X64Register.Rdx, _asm.RipRelative(Tables.Modes));
        _asm.Ldmxcsr(X64Memory.At(X64Register.Rdx, X64Register.Rcx, 4));
        foreach (var register in _map.Hot)
        {
            _map.IsMapped(0, register, out var host);
            _asm.Mov(X64Size.Qword, host, _map.Home(0, register));
        }
        foreach (var register in _map.HotVectors)
        {
            _map.IsVector(_map.VectorFile, register, out var host);
            _asm.Movs(X64Precision.Double, host, _map.Home(_map.VectorFile, register));
        }
    }

    private void StoreRegisters()
    {
        foreach (var register in _map.Hot)
        {
            _map.IsMapped(0, register, out var host);
            _asm.Mov(X64Size.Qword, _map.Home(0, register), host);
        }
    }

    // Changes rcx and rdx. The frame is so many bytes below the top of the stack.
    private void StoreVectorsAndFlags(int frame)
    {
        foreach (var register in _map.HotVectors)
        {
            _map.IsVector(_map.VectorFile, register, out var host);
            _asm.Movs(X64Precision.Double, _map.Home(_map.VectorFile, register), host);
        }
        // MXCSR's flags are those that were raised since it was loaded.
        _asm.Stmxcsr(X64Memory.At(X64Register.Rsp, frame + FrameScratch));
        _asm.Ldmxcsr(X64Memory.At(X64Register.Rsp, frame + HostMxcsr));
        _asm.Mov(X64Size.Dword, X64Register.Rcx, X64Memory.At(X64Register.Rsp, frame + FrameScratch));
        _asm.And(X64Size.Dword, X64Register.Rcx, X64FloatTables.MxcsrFlags);
        _asm.Lea(X64Size.Qword, X64Register.Rdx, _asm.RipRelative(Tables.Flags));
        _asm.MovzxByte(X64Register.Rcx, X64Memory.At(X64Register.Rdx, X64Register.Rcx));
        _asm.Or(X64Size.Dword, _map.Field(X64RegisterMap.FpFlags), X64Register.Rcx);
    }

    // Bounds of magnitudes, which are shifted left by one here.
    private byte* Classify(ulong infinity, ulong quiet, ulong normal)
    {
        const uint SignalingNaN = 1 << 8, QuietNaN = 1 << 9;
        var entry = _asm.Address;
        X64Label found = default, signaling = default, notNumber = default;
        _asm.Mov(X64Size.Qword, X64Register.Rdx, X64Register.Rax);
        _asm.Sar(X64Size.Qword, X64Register.Rdx, 63);
        // Steps from zero: 0 zero, 1 subnormal, 2 normal, 3 infinite.
        _asm.Add(X64Size.Qword, X64Register.Rax, X64Register.Rax);
        _asm.MovImmediate32(X64Register.Rcx, 0);
        _asm.JccShort(X64Condition.Equal, ref found);
        CompareWith(normal, 1);
        _asm.JccShort(X64Condition.Below, ref found);
        CompareWith(infinity, 2);
        _asm.JccShort(X64Condition.Below, ref found);
        _asm.MovImmediate32(X64Register.Rcx, 3);
        _asm.JccShort(X64Condition.NotEqual, ref notNumber);
        _asm.Bind(ref found);
        // Bit 4 + steps, or 3 - steps when negative.
        _asm.Xor(X64Size.Dword, X64Register.Rcx, X64Register.Rdx);
        _asm.Add(X64Size.Dword, X64Register.Rcx, 4);
        _asm.MovImmediate32(X64Register.Rax, 1);
        _asm.Shift(X64Shift.Shl, X64Size.Dword, X64Register.Rax);
        _asm.Ret();
        _asm.Bind(ref notNumber);
        CompareWith(quiet, 0);
        _asm.MovImmediate32(X64Register.Rax, SignalingNaN);
        _asm.JccShort(X64Condition.Below, ref signaling);
        _asm.MovImmediate32(X64Register.Rax, QuietNaN);
        _asm.Bind(ref signaling);
        _asm.Ret();
        return entry;
    }

    private void CompareWith(ulong bound, uint steps)
    {
        _asm.MovImmediate64(X64Register.Rcx, bound);
        _asm.Cmp(X64Size.Qword, X64Register.Rax, X64Register.Rcx);
        _asm.MovImmediate32(X64Register.Rcx, steps);
    }
}
