using System.Runtime.InteropServices;
using Dbt.Isa;
using Dbt.Translator.HostCode.X64;
using Dbt.Translator.Hypercalls;

namespace Dbt.Translator.Baseline;

// What hypercall sites share.
internal sealed unsafe partial class X64Stubs
{
    private static readonly int s_pc = Offset<HypercallSite>(nameof(HypercallSite.Pc));
    private static readonly int s_firstEntry = Offset<HypercallSite>(nameof(HypercallSite.Entry0));
    private static readonly int s_number = Offset<HypercallCell>(nameof(HypercallCell.Number));
    private static readonly int s_function = Offset<HypercallCell>(nameof(HypercallCell.Function));
    private static readonly int s_action = Offset<HypercallCell>(nameof(HypercallCell.Action));
    private static readonly int s_cached = Offset<HypercallCell>(nameof(HypercallCell.Cached));

    /// <summary>Leaves with EnvironmentCall at the <see cref="HypercallSite"/> in rax. Null when there are none.</summary>
    public byte* CallExit { get; }

    /// <summary>
    /// Looks which call it is that the site in rax makes, and goes on in its handler, or returns with the carry flag set when the site does not
    /// know it. Called. Null when there are no sites.
    /// </summary>
    public byte* CallLookup { get; }

    /// <summary>With a <see cref="HypercallCell"/> in rcx: rdx points to the address of its handler, and the call is counted where that is wanted.</summary>
    public static void BeginCall(X64Assembler asm, HypercallSettings calls)
    {
        if (calls.Counts)
            asm.LockAlu(X64Alu.Add, X64Size.Qword, X64Memory.At(X64Register.Rcx, s_cached), 1);
        asm.Mov(X64Size.Qword, X64Register.Rdx, X64Memory.At(X64Register.Rcx, s_action));
    }

    private byte* LeaveAtCall(byte* exit)
    {
        var entry = _asm.Address;
        _asm.Mov(X64Size.Qword, _map.Field(X64RegisterMap.LeftAtCall), X64Register.Rax);
        _asm.Mov(X64Size.Qword, X64Register.Rcx, X64Memory.At(X64Register.Rax));
        _asm.Mov(X64Size.Qword, _map.Field(X64RegisterMap.Current), X64Register.Rcx);
        _asm.Mov(X64Size.Qword, X64Register.Rcx, X64Memory.At(X64Register.Rax, s_pc));
        _asm.Mov(X64Size.Qword, _map.Field(X64RegisterMap.Pc), X64Register.Rcx);
        Exit(ExitReason.EnvironmentCall, exit);
        return entry;
    }

    private byte* LookUpCall(HypercallSettings calls)
    {
        var entry = _asm.Address;
        var convention = calls.Table.Convention;
        for (var i = 0; i < HypercallSite.EntryCount; i++)
        {
            X64Label next = default;
            _asm.Mov(X64Size.Qword, X64Register.Rcx, X64Memory.At(X64Register.Rax, s_firstEntry + i * sizeof(void*)));
            CompareKey(convention.Number, s_number);
            _asm.JccShort(X64Condition.NotEqual, ref next);
            if (convention.HasFunction)
            {
                CompareKey(convention.Function, s_function);
                _asm.JccShort(X64Condition.NotEqual, ref next);
            }
            BeginCall(_asm, calls);
            _asm.Jmp(X64Memory.At(X64Register.Rdx));
            _asm.Bind(ref next);
        }
        _asm.Stc();
        _asm.Ret();
        return entry;
    }

    private void CompareKey(int register, int field)
    {
        if (!_map.IsMapped(0, register, out var host))
            _asm.Mov(X64Size.Qword, host = X64Register.Rdx, _map.Home(0, register));
        _asm.Cmp(X64Size.Qword, X64Memory.At(X64Register.Rcx, field), host);
    }

    private static int Offset<T>(string field) => (int)Marshal.OffsetOf<T>(field);
}
