using System.Runtime.InteropServices;
using Dbt.Translator;

namespace Dbt.Runtime.Linux.Abi.Riscv;

/// <summary>
/// struct sigcontext (arch/riscv/include/uapi/asm/sigcontext.h): pc and x1 to x31, then a union as large as the state of the Q extension, of
/// which D's is used: f0 to f31 and fcsr. Its last 12 bytes are a reserved word and the header of extension state: both zero, for none.
/// </summary>
internal static unsafe class Riscv64Context
{
    /// <summary>Bytes of it.</summary>
    public const int Size = FloatOffset + 528;

    private const int Registers = 32, Integer = 0, Float = 1;
    private const int FloatOffset = Registers * sizeof(ulong), StatusOffset = FloatOffset + Registers * sizeof(ulong), ExtensionOffset = Size - 12;
    private const int RoundingShift = 5;
    private const uint FlagsMask = 0x1f, RoundingMask = 7;

    /// <summary>Stores the hart's registers.</summary>
    public static void Save(Hart hart, Span<byte> context)
    {
        context[..Size].Clear();
        var words = MemoryMarshal.Cast<byte, ulong>(context);
        words[0] = hart.State->Pc;
        for (var i = 1; i < Registers; i++)
            words[i] = hart.GetRegister(Integer, i);
        if (hart.Isa.RegisterFiles.Count <= Float)
            return;
        for (var i = 0; i < Registers; i++)
            words[Registers + i] = hart.GetRegister(Float, i);
        MemoryMarshal.Write(context[StatusOffset..], hart.State->FpRounding << RoundingShift | hart.State->FpFlags);
    }

    /// <summary>Loads the hart's registers. False, and no change, when there is state of extensions in it that nobody saved there.</summary>
    public static bool TryRestore(Hart hart, ReadOnlySpan<byte> context)
    {
        if (context[ExtensionOffset..Size].ContainsAnyExcept((byte)0))
            return false;
        var words = MemoryMarshal.Cast<byte, ulong>(context);
        hart.State->Pc = words[0];
        for (var i = 1; i < Registers; i++)
            hart.SetRegister(Integer, i, words[i]);
        if (hart.Isa.RegisterFiles.Count <= Float)
            return true;
        for (var i = 0; i < Registers; i++)
            hart.SetRegister(Float, i, words[Registers + i]);
        var status = MemoryMarshal.Read<uint>(context[StatusOffset..]);
        hart.State->FpFlags = status & FlagsMask;
        hart.State->FpRounding = status >> RoundingShift & RoundingMask;
        return true;
    }
}
