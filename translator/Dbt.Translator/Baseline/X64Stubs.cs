using System.Runtime.InteropServices;
using Dbt.Isa;
using Dbt.Translator.HostCode.X64;

namespace Dbt.Translator.Baseline;

/// <summary>Code that all blocks of a code region share: the way in, the ways out, and the call of the interpreter. Addresses as they are executed.</summary>
internal sealed unsafe class X64Stubs
{
    // What the host's calling convention wants back (System V ABI, 3.2.1).
    private static readonly X64Register[] s_saved =
        [X64Register.Rbx, X64Register.Rbp, X64Register.R12, X64Register.R13, X64Register.R14, X64Register.R15];

    private readonly X64RegisterMap _map;
    private readonly X64Assembler _asm;

    /// <summary>Writes the stubs.</summary>
    /// <param name="map">Where guest registers are.</param>
    /// <param name="assembler">Where to.</param>
    /// <param name="step">
    /// C# that executes the instruction at <see cref="HartHeader.Current"/> with the state complete, and gives 0 when it did not
    /// complete and nothing has happened.
    /// </param>
    public X64Stubs(X64RegisterMap map, X64Assembler assembler, delegate* unmanaged<HartHeader*, int> step)
    {
        _map = map;
        _asm = assembler;

        Enter = _asm.Address;
        foreach (var register in s_saved)
            _asm.Push(register);
        _asm.Sub(X64Size.Qword, X64Register.Rsp, 8); // calls want the stack aligned
        _asm.Lea(X64Size.Qword, X64RegisterMap.State, X64Memory.At(X64Register.Rdi, map.Bias));
        _asm.Mov(X64Size.Qword, X64Register.Rax, X64Register.Rsi);
        _asm.Mov(X64Size.Qword, X64RegisterMap.Memory, map.Field(X64RegisterMap.MemoryBase));
        LoadRegisters();
        _asm.Jmp(X64Register.Rax);

        Recover = _asm.Address;
        _asm.Mov(X64Size.Qword, map.Field(X64RegisterMap.Current), 0);
        _asm.MovImmediate32(X64Register.Rax, (uint)ExitReason.None);
        var exit = _asm.Address;
        StoreRegisters();
        var leave = _asm.Address;
        _asm.Mov(X64Size.Dword, map.Field(X64RegisterMap.Exit), X64Register.Rax);
        _asm.Add(X64Size.Qword, X64Register.Rsp, 8);
        for (var i = s_saved.Length - 1; i >= 0; i--)
            _asm.Pop(s_saved[i]);
        _asm.Ret();

        StepExit = _asm.Address;
        _asm.Mov(X64Size.Qword, map.Field(X64RegisterMap.Current), X64Register.Rax);
        Exit(ExitReason.None, exit);

        BudgetExit = _asm.Address;
        _asm.Mov(X64Size.Qword, map.Field(X64RegisterMap.Pc), X64Register.Rax);
        Exit(ExitReason.Budget, exit);

        LinkExit = _asm.Address;
        _asm.Mov(X64Size.Qword, map.Field(X64RegisterMap.LeftThrough), X64Register.Rax);
        _asm.Mov(X64Size.Qword, X64Register.Rax, X64Memory.At(X64Register.Rax, (int)Marshal.OffsetOf<BaselineLink>(nameof(BaselineLink.Target))));
        IndirectExit = _asm.Address;
        _asm.Mov(X64Size.Qword, map.Field(X64RegisterMap.Pc), X64Register.Rax);
        Exit(ExitReason.TranslationMiss, exit);

        StepCall = _asm.Address;
        _asm.Mov(X64Size.Qword, map.Field(X64RegisterMap.Current), X64Register.Rax);
        StoreRegisters();
        _asm.Sub(X64Size.Qword, X64Register.Rsp, 8);
        _asm.Lea(X64Size.Qword, X64Register.Rdi, X64Memory.At(X64RegisterMap.State, -map.Bias));
        _asm.Mov(X64Register.Rax, (ulong)step);
        _asm.Call(X64Register.Rax);
        _asm.Add(X64Size.Qword, X64Register.Rsp, 8);
        X64Label stopped = default;
        _asm.Test(X64Size.Dword, X64Register.Rax, X64Register.Rax);
        _asm.JccShort(X64Condition.Equal, ref stopped);
        LoadRegisters();
        _asm.Ret();
        _asm.Bind(ref stopped);
        _asm.Add(X64Size.Qword, X64Register.Rsp, 8);
        _asm.MovImmediate32(X64Register.Rax, (uint)ExitReason.None);
        _asm.Jmp(leave);
    }

    /// <summary><c>void (HartHeader* state, void* entry)</c>: runs translated code from an entry until it leaves.</summary>
    public byte* Enter { get; }

    /// <summary>Where an access goes on that failed: leaves with None, and no <see cref="HartHeader.Current"/>.</summary>
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

    /// <summary>What the stubs are called, by address.</summary>
    public IReadOnlyDictionary<ulong, string> Names => new Dictionary<ulong, string>
    {
        [(ulong)Enter] = nameof(Enter),
        [(ulong)Recover] = nameof(Recover),
        [(ulong)StepExit] = nameof(StepExit),
        [(ulong)StepCall] = nameof(StepCall),
        [(ulong)BudgetExit] = nameof(BudgetExit),
        [(ulong)LinkExit] = nameof(LinkExit),
        [(ulong)IndirectExit] = nameof(IndirectExit),
    };

    private void Exit(ExitReason reason, byte* exit)
    {
        _asm.MovImmediate32(X64Register.Rax, (uint)reason);
        _asm.Jmp(exit);
    }

    private void LoadRegisters()
    {
        foreach (var register in _map.Hot)
        {
            _map.IsMapped(0, register, out var host);
            _asm.Mov(X64Size.Qword, host, _map.Home(0, register));
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
}
