using Dbt.Translator.HostCode.X64;
using Iced.Intel;

namespace Dbt.Translator.Tests.HostCode.X64;

/// <summary>
/// What an emitting method of <see cref="X64Assembler"/> is expected to emit.
/// </summary>
/// <param name="Mnemonic">The decoder's name; {op} is the operation, {cc} the condition, {p} s or d for the precision, {o} for the other one, {m} d or q for the size.</param>
/// <param name="Operands">
/// Sizes of the operands: s as the size says, p as the precision says, 1, 2, 4, 8, 16 bytes, - none (lea, immediates without a size).
/// </param>
/// <param name="Sizes">Sizes to call it with; null for all.</param>
/// <param name="HasLock">Whether there is a LOCK prefix.</param>
internal sealed record Shape(string Mnemonic, string Operands, X64Size[]? Sizes = null, bool HasLock = false)
{
    private static readonly string[] s_conditions = ["o", "no", "b", "ae", "e", "ne", "be", "a", "s", "ns", "p", "np", "l", "ge", "le", "g"];
    private static readonly X64Size[] s_wide = [X64Size.Word, X64Size.Dword, X64Size.Qword], s_long = [X64Size.Dword, X64Size.Qword];

    /// <summary>By method name; overloads differ in kinds of operands only.</summary>
    public static IReadOnlyDictionary<string, Shape> Table { get; } = new Dictionary<string, Shape>
    {
        ["Mov"] = new("Mov", "s s"),
        ["MovImmediate32"] = new("Mov", "4 4"),
        ["MovSignExtended32"] = new("Mov", "8 8"),
        ["MovImmediate64"] = new("Mov", "8 8"),
        ["MovzxByte"] = new("Movzx", "4 1"),
        ["MovzxWord"] = new("Movzx", "4 2"),
        ["MovsxByte"] = new("Movsx", "s 1", s_wide),
        ["MovsxWord"] = new("Movsx", "s 2", s_long),
        ["Movsxd"] = new("Movsxd", "8 4"),
        ["Lea"] = new("Lea", "s -", s_wide),
        ["Alu"] = new("{op}", "s s"),
        ["Add"] = new("Add", "s s"),
        ["Sub"] = new("Sub", "s s"),
        ["And"] = new("And", "s s"),
        ["Or"] = new("Or", "s s"),
        ["Xor"] = new("Xor", "s s"),
        ["Cmp"] = new("Cmp", "s s"),
        ["Test"] = new("Test", "s s"),
        ["Not"] = new("Not", "s"),
        ["Neg"] = new("Neg", "s"),
        ["Inc"] = new("Inc", "s"),
        ["Dec"] = new("Dec", "s"),
        ["Mul"] = new("Mul", "s"),
        ["Div"] = new("Div", "s"),
        ["Idiv"] = new("Idiv", "s"),
        // For bytes there is the form with one operand only.
        ["Imul"] = new("Imul", "s s s", s_wide),
        ["Cdq"] = new("Cdq", ""),
        ["Cqo"] = new("Cqo", ""),
        ["Shift"] = new("{op}", "s 1"),
        ["Shl"] = new("Shl", "s 1"),
        ["Shr"] = new("Shr", "s 1"),
        ["Sar"] = new("Sar", "s 1"),
        ["Rol"] = new("Rol", "s 1"),
        ["Ror"] = new("Ror", "s 1"),
        ["Shlx"] = new("Shlx", "s s s", s_long),
        ["Shrx"] = new("Shrx", "s s s", s_long),
        ["Sarx"] = new("Sarx", "s s s", s_long),
        ["Rorx"] = new("Rorx", "s s 1", s_long),
        ["Andn"] = new("Andn", "s s s", s_long),
        ["Mulx"] = new("Mulx", "s s s", s_long),
        ["Popcnt"] = new("Popcnt", "s s", s_long),
        ["Lzcnt"] = new("Lzcnt", "s s", s_long),
        ["Tzcnt"] = new("Tzcnt", "s s", s_long),
        ["Bsf"] = new("Bsf", "s s", s_wide),
        ["Bsr"] = new("Bsr", "s s", s_wide),
        ["Bswap"] = new("Bswap", "s", s_long),
        ["BitTest"] = new("{op}", "s s", s_wide),
        ["Set"] = new("Set{cc}", "1"),
        ["Cmov"] = new("Cmov{cc}", "s s", s_wide),
        ["Xchg"] = new("Xchg", "s s"),
        ["LockCmpxchg"] = new("Cmpxchg", "s s", HasLock: true),
        ["LockCmpxchg16b"] = new("Cmpxchg16b", "16", HasLock: true),
        ["Cmpxchg"] = new("Cmpxchg", "s s"),
        ["Xadd"] = new("Xadd", "s s"),
        ["LockXadd"] = new("Xadd", "s s", HasLock: true),
        ["LockAlu"] = new("{op}", "s s", HasLock: true),
        ["Mfence"] = new("Mfence", ""),
        ["Pause"] = new("Pause", ""),
        ["Jmp"] = new("Jmp", "8"),
        ["Call"] = new("Call", "8"),
        ["Ret"] = new("Ret", ""),
        ["Push"] = new("Push", "8"),
        ["Pop"] = new("Pop", "8"),
        ["Clc"] = new("Clc", ""),
        ["Stc"] = new("Stc", ""),
        ["Int3"] = new("Int3", ""),
        ["Ud2"] = new("Ud2", ""),
        ["Syscall"] = new("Syscall", ""),
        ["Movs"] = new("Movs{p}", "p p"),
        ["Movaps"] = new("Movaps", "16 16"),
        ["Movd"] = new("Mov{m}", "s s", s_long),
        ["Scalar"] = new("{op}s{p}", "p p"),
        ["VScalar"] = new("V{op}s{p}", "p p p"),
        ["FusedMultiply"] = new("V{op}s{p}", "p p p"),
        ["Ucomis"] = new("Ucomis{p}", "p p"),
        ["Comis"] = new("Comis{p}", "p p"),
        ["Cvtsi2s"] = new("Cvtsi2s{p}", "p s", s_long),
        ["VCvtsi2s"] = new("Vcvtsi2s{p}", "p p s", s_long),
        ["Cvtts2si"] = new("Cvtts{p}2si", "s p", s_long),
        ["Cvts2si"] = new("Cvts{p}2si", "s p", s_long),
        ["Cvts2s"] = new("Cvts{p}2s{o}", "p p"),
        ["VCvts2s"] = new("Vcvts{p}2s{o}", "p p p"),
        ["Andps"] = new("Andps", "16 16"),
        ["Andnps"] = new("Andnps", "16 16"),
        ["Orps"] = new("Orps", "16 16"),
        ["Xorps"] = new("Xorps", "16 16"),
        ["VAndps"] = new("Vandps", "16 16 16"),
        ["VAndnps"] = new("Vandnps", "16 16 16"),
        ["VOrps"] = new("Vorps", "16 16 16"),
        ["VXorps"] = new("Vxorps", "16 16 16"),
        ["Rounds"] = new("Rounds{p}", "p p 1"),
        ["VRounds"] = new("Vrounds{p}", "p p p 1"),
        ["Pclmulqdq"] = new("Pclmulqdq", "16 16 1"),
        ["Movhlps"] = new("Movhlps", "16 16"),
        ["Ldmxcsr"] = new("Ldmxcsr", "4"),
        ["Stmxcsr"] = new("Stmxcsr", "4"),
    };

    /// <summary>The decoder's mnemonic for a call with these arguments.</summary>
    public Mnemonic MnemonicFor(object[] arguments)
    {
        var text = Mnemonic;
        foreach (var argument in arguments)
            text = argument switch
            {
                X64Alu or X64Shift or X64BitTest or X64Scalar => text.Replace("{op}", argument.ToString()),
                // The manual has the digits in the middle: vfmadd213sd.
                X64FusedMultiply => text.Replace("{op}", argument.ToString()),
                X64Condition condition => text.Replace("{cc}", s_conditions[(int)condition]),
                X64Precision precision => precision == X64Precision.Single
                    ? text.Replace("{p}", "s").Replace("{o}", "d")
                    : text.Replace("{p}", "d").Replace("{o}", "s"),
                X64Size size => text.Replace("{m}", size == X64Size.Qword ? "q" : "d"),
                _ => text,
            };
        return Enum.Parse<Mnemonic>(text, ignoreCase: true);
    }

    /// <summary>Bytes of an operand; 0 when they are not told.</summary>
    public int OperandBytes(int operand, object[] arguments)
    {
        var sizes = Operands.Split(' ');
        return sizes[Math.Min(operand, sizes.Length - 1)] switch
        {
            "s" => SizeOf(arguments),
            "p" => arguments.OfType<X64Precision>().Single() == X64Precision.Single ? 4 : 8,
            "-" => 0,
            var bytes => int.Parse(bytes),
        };
    }

    private static int SizeOf(object[] arguments) => arguments.OfType<X64Size>().DefaultIfEmpty(X64Size.Qword).Single() switch
    {
        X64Size.Byte => 1,
        X64Size.Word => 2,
        X64Size.Dword => 4,
        _ => 8,
    };
}
