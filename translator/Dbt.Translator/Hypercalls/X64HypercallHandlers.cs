using Dbt.Translator.Baseline;
using Dbt.Translator.HostCode;
using Dbt.Translator.HostCode.X64;

namespace Dbt.Translator.Hypercalls;

/// <summary>
/// Machine code of handlers, which sites call: with every guest register where it belongs, the stack 8 bytes off a multiple of 16, rax, rcx and
/// rdx free; they return so, with the carry flag set to leave (then nothing has happened). It lives as long as its engine, longer than
/// any translation, since those of dropped translations are called until nobody executes them any more.
/// </summary>
internal sealed unsafe class X64HypercallHandlers : IDisposable
{
    private const int RegionBytes = 1 << 20;
    private const int LargestHandler = 2048;

    // Of handlers that call: MXCSR, and a structure. A multiple of 16, and 8.
    private const int FrameBytes = 56, FrameMxcsr = 0, FrameStructure = 16;
    private const uint HostMxcsr = 0x1F80;

    // Integer arguments of the host's convention (System V ABI, 3.2.3).
    private static readonly X64Register[] s_arguments = [X64Register.Rdi, X64Register.Rsi, X64Register.Rdx];

    private readonly HypercallConvention _convention;
    private readonly ExecutableMemory _memory;
    private readonly CodeFaults _faults;
    private readonly X64Assembler _asm = new();
    private readonly byte* _hostMxcsr;

    /// <summary>No handlers yet.</summary>
    public X64HypercallHandlers(X64RegisterMap map, HypercallConvention convention, CodeMapping mapping)
    {
        Map = map;
        _convention = convention;
        _memory = new ExecutableMemory(RegionBytes, mapping);
        Begin();
        Leave = _asm.Address;
        _asm.Stc();
        _asm.Ret();
        // A store to the guest failed: the signal is taken, and who is asked next finds out why.
        var recover = _asm.Address;
        _asm.Mov(X64Size.Qword, X64Register.Rax, map.Field(X64RegisterMap.HostFault));
        _asm.Mov(X64Size.Qword, X64Memory.At(X64Register.Rax), 0);
        LeaveFrame();
        _asm.Stc();
        _asm.Ret();
        _asm.Nop((int)(-(nint)_asm.Address & 3));
        _hostMxcsr = _asm.Address;
        *(uint*)_asm.Cursor = HostMxcsr;
        _memory.Commit(_asm.Cursor + sizeof(uint));
        _faults = new CodeFaults(_memory, recover);
    }

    /// <summary>Where guest registers are.</summary>
    public X64RegisterMap Map { get; }

    /// <summary>What leaves.</summary>
    public byte* Leave { get; }

    /// <summary>Makes the code of an action; what leaves when there is no room any more, so that the engine makes such calls itself.</summary>
    public byte* Make(Hypercall action)
    {
        if (action.Kind == HypercallKind.Trap || action.Query != null && _convention.IsPrivileged || !Begin())
            return Leave;
        var entry = _asm.Address;
        if (action.Query is { } query)
        {
            Ask(query);
        }
        else if (action.Function != 0)
        {
            Call(action.Function);
        }
        else
        {
            WriteSteps(_asm, Map, action);
            _asm.Clc();
            _asm.Ret();
        }
        _memory.Commit(_asm.Cursor);
        return entry;
    }

    /// <summary>Writes the steps of an action. They change rax, and flags.</summary>
    public static void WriteSteps(X64Assembler asm, X64RegisterMap map, Hypercall action)
    {
        for (var i = 0; i < action.StepCount; i++)
        {
            var step = action.StepAt(i);
            var word = map.Field(X64RegisterMap.CallWords + step.Word * sizeof(ulong));
            if (step.Kind == HypercallStepKind.Add)
            {
                asm.Add(X64Size.Qword, word, (int)step.Value);
                continue;
            }
            var isMapped = map.IsMapped(0, step.Register, out var host);
            if (!isMapped)
                host = X64Register.Rax;
            switch (step.Kind)
            {
                case HypercallStepKind.Set:
                    asm.Mov(host, (ulong)step.Value);
                    break;
                case HypercallStepKind.Load:
                    asm.Mov(X64Size.Qword, host, word);
                    break;
                default:
                    if (!isMapped)
                        asm.Mov(X64Size.Qword, host, map.Home(0, step.Register));
                    asm.Mov(X64Size.Qword, word, host);
                    continue;
            }
            if (!isMapped)
                asm.Mov(X64Size.Qword, map.Home(0, step.Register), host);
        }
    }

    /// <summary>Nobody may be executing it.</summary>
    public void Dispose()
    {
        _faults.Dispose();
        _memory.Dispose();
    }

    private bool Begin()
    {
        var fits = _memory.TryBegin(LargestHandler, out var start, out var end);
        _asm.Begin(start, end, _memory.ExecuteDelta);
        return fits;
    }

    // int handler(HartHeader*): the state has what the convention passes.
    private void Call(nint function)
    {
        EnterFrame();
        _asm.Lea(X64Size.Qword, X64Register.Rdi, X64Memory.At(X64RegisterMap.State, -Map.Bias));
        _asm.Mov(X64Register.Rax, (ulong)function);
        _asm.Call(X64Register.Rax);
        // Below 1, unsigned, is 0 only.
        _asm.Cmp(X64Size.Dword, X64Register.Rax, 1);
        LoadRegisters();
        LeaveFrame();
        _asm.Ret();
    }

    private void Ask(HostQuery query)
    {
        X64Label failed = default, absent = default;
        if (query.Absent >= 0)
        {
            _asm.Cmp(X64Size.Qword, ArgumentIn(query.Absent, X64Register.Rax), 0);
            _asm.Jcc(X64Condition.NotEqual, ref absent);
        }
        EnterFrame();
        for (var i = 0; i < query.Arguments; i++)
        {
            if (i == query.Pointer)
                _asm.Lea(X64Size.Qword, s_arguments[i], X64Memory.At(X64Register.Rsp, FrameStructure));
            else
                _asm.Mov(X64Size.Qword, s_arguments[i], Map.Home(0, _convention.Arguments[i]));
        }
        _asm.Mov(X64Register.Rax, (ulong)query.Function);
        _asm.Call(X64Register.Rax);
        _asm.Mov(X64Size.Qword, X64Register.Rdx, X64Register.Rax);
        LoadRegisters();
        _asm.Test(X64Size.Qword, X64Register.Rdx, X64Register.Rdx);
        _asm.Jcc(X64Condition.NotEqual, ref failed);
        _asm.Mov(X64Size.Qword, X64Register.Rcx, Map.Home(0, _convention.Arguments[query.Pointer]));
        _asm.Cmp(X64Size.Qword, X64Register.Rcx, Map.Field(X64RegisterMap.MemoryLimit));
        _asm.Jcc(X64Condition.AboveOrEqual, ref failed);
        for (var i = 0; i < query.Words; i++)
        {
            _asm.Mov(X64Size.Qword, X64Register.Rax, X64Memory.At(X64Register.Rsp, FrameStructure + i * sizeof(ulong)));
            _asm.Mov(X64Size.Qword, X64Memory.At(X64RegisterMap.Memory, X64Register.Rcx, 1, i * sizeof(ulong)), X64Register.Rax);
        }
        WriteSteps(_asm, Map, Hypercall.Inline(HypercallStep.Set(_convention.Results[0], 0)));
        LeaveFrame();
        _asm.Clc();
        _asm.Ret();
        _asm.Bind(ref failed);
        LeaveFrame();
        if (query.Absent >= 0)
            _asm.Bind(ref absent);
        _asm.Stc();
        _asm.Ret();
    }

    private X64Register ArgumentIn(int number, X64Register scratch)
    {
        var register = _convention.Arguments[number];
        if (Map.IsMapped(0, register, out var host))
            return host;
        _asm.Mov(X64Size.Qword, scratch, Map.Home(0, register));
        return scratch;
    }

    // Everything that the called function may change, or wants to see, is at home. Its exceptions are not the guest's; its rounding is to nearest.
    private void EnterFrame()
    {
        _asm.Sub(X64Size.Qword, X64Register.Rsp, FrameBytes);
        foreach (var register in Map.Hot)
        {
            Map.IsMapped(0, register, out var host);
            if (!IsKept(host) || _convention.Passes(register))
                _asm.Mov(X64Size.Qword, Map.Home(0, register), host);
        }
        foreach (var register in Map.HotVectors)
        {
            Map.IsVector(Map.VectorFile, register, out var host);
            _asm.Movs(X64Precision.Double, Map.Home(Map.VectorFile, register), host);
        }
        _asm.Stmxcsr(X64Memory.At(X64Register.Rsp, FrameMxcsr));
        X64Label nearest = default;
        _asm.Cmp(X64Size.Dword, Map.Field(X64RegisterMap.FpRounding), 0);
        _asm.JccShort(X64Condition.Equal, ref nearest);
        _asm.Ldmxcsr(_asm.RipRelative(_hostMxcsr));
        _asm.Bind(ref nearest);
    }

    private void LoadRegisters()
    {
        _asm.Ldmxcsr(X64Memory.At(X64Register.Rsp, FrameMxcsr));
        foreach (var register in Map.Hot)
        {
            Map.IsMapped(0, register, out var host);
            if (!IsKept(host) || _convention.Returns(register))
                _asm.Mov(X64Size.Qword, host, Map.Home(0, register));
        }
        foreach (var register in Map.HotVectors)
        {
            Map.IsVector(Map.VectorFile, register, out var host);
            _asm.Movs(X64Precision.Double, host, Map.Home(Map.VectorFile, register));
        }
    }

    // Changes no flags.
    private void LeaveFrame() => _asm.Lea(X64Size.Qword, X64Register.Rsp, X64Memory.At(X64Register.Rsp, FrameBytes));

    // By the host's convention, over calls.
    private static bool IsKept(X64Register register) =>
        register is X64Register.Rbx or X64Register.R12 or X64Register.R13 or X64Register.R14 or X64Register.R15 or X64Register.Rbp;
}
