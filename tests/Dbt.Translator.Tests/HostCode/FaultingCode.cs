using Dbt.Translator.HostCode;
using Dbt.Translator.HostCode.X64;
using static Dbt.Translator.HostCode.X64.X64Register;
using static Dbt.Translator.HostCode.X64.X64Size;

namespace Dbt.Translator.Tests.HostCode;

/// <summary>
/// Emitted functions with one access each, which may fail: they load all registers from a table, make the access, and store all
/// registers to another table, whether the access went well or the recovery stub was reached.
/// </summary>
internal sealed unsafe class FaultingCode : IDisposable
{
    /// <summary>General registers, then vector registers.</summary>
    public const int TableLength = 32;

    private readonly ExecutableMemory _memory;
    private readonly X64Assembler _code = new();
    private readonly CodeFaults _faults;
    private readonly byte* _enter;
    private readonly byte* _recover;

    public FaultingCode(CodeMapping mapping)
    {
        _memory = new(1 << 20, mapping);
        Begin();
        // (in, out, access): leaves `out` on top of the stack while the access is made.
        _enter = _code.Address;
        foreach (var saved in (X64Register[])[Rbx, Rbp, R12, R13, R14, R15])
            _code.Push(saved);
        _code.Push(Rsi);
        _code.Push(Rdx);
        for (var i = 0; i < 16; i++)
            _code.Movs(X64Precision.Double, (XmmRegister)i, X64Memory.At(Rdi, (16 + i) * 8));
        foreach (var register in Enum.GetValues<X64Register>().Where(r => r is not (Rsp or Rdi)).Append(Rdi))
            _code.Mov(Qword, register, X64Memory.At(Rdi, (int)register * 8));
        _code.Ret(); // to the access
        _memory.Commit(_code.Cursor);

        Begin();
        _recover = _code.Address;
        _code.Push(Rax);
        _code.Mov(Qword, Rax, X64Memory.At(Rsp, 8));
        foreach (var register in Enum.GetValues<X64Register>().Where(r => r is not (Rsp or Rax)))
            _code.Mov(Qword, X64Memory.At(Rax, (int)register * 8), register);
        for (var i = 0; i < 16; i++)
            _code.Movs(X64Precision.Double, X64Memory.At(Rax, (16 + i) * 8), (XmmRegister)i);
        _code.Mov(Qword, Rcx, Rax);
        _code.Pop(Rax);
        _code.Mov(Qword, X64Memory.At(Rcx), Rax);
        _code.Pop(Rcx);
        foreach (var saved in (X64Register[])[R15, R14, R13, R12, Rbp, Rbx])
            _code.Pop(saved);
        _code.Ret();
        _memory.Commit(_code.Cursor);
        _faults = new(_memory, _recover);
    }

    public void Dispose()
    {
        _faults.Dispose();
        _memory.Dispose();
    }

    /// <summary>Emits an access; gives its address.</summary>
    public nint Emit(AccessForm form, X64Register @base, X64Register index, int scale, int displacement)
    {
        Begin();
        var address = (nint)_code.Address;
        var operand = X64Memory.At(@base, index, scale, displacement);
        switch (form)
        {
            case AccessForm.Load:
                _code.Mov(Qword, R11, operand);
                break;
            case AccessForm.LoadByte:
                _code.MovsxByte(Dword, R11, operand);
                break;
            case AccessForm.LoadScalar:
                _code.Movs(X64Precision.Single, XmmRegister.Xmm9, operand);
                break;
            case AccessForm.Store:
                _code.Mov(Dword, operand, R11);
                break;
            case AccessForm.StoreImmediate:
                _code.Mov(Word, operand, 1234);
                break;
            case AccessForm.StoreScalar:
                _code.Movs(X64Precision.Double, operand, XmmRegister.Xmm9);
                break;
            default:
                _code.LockXadd(Qword, operand, R11);
                break;
        }
        _code.Jmp(_recover);
        _memory.Commit(_code.Cursor);
        return address;
    }

    /// <summary>Makes an access, with registers from one table and to another one.</summary>
    public void Run(nint access, ulong* from, ulong* to) => ((delegate* unmanaged<ulong*, ulong*, nint, void>)_enter)(from, to, access);

    private void Begin()
    {
        Assert.True(_memory.TryBegin(1024, out var start, out var end));
        _code.Begin(start, end, _memory.ExecuteDelta);
    }
}
