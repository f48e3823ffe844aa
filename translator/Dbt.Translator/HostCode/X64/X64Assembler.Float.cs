using static Dbt.Translator.HostCode.X64.X64Opcode;

namespace Dbt.Translator.HostCode.X64;

// Scalar floating point in vector registers. Names without V are SSE forms (first operand is also a source);
// names with V need AVX, those of fused multiply-adds FMA.
internal sealed unsafe partial class X64Assembler
{
    /// <summary>movss or movsd: the rest of d is kept.</summary>
    public void Movs(X64Precision precision, XmmRegister d, XmmRegister s) => Register((uint)precision | Map0F | 0x10, (uint)d, (uint)s);

    /// <summary>movss or movsd: the rest of d becomes 0.</summary>
    public void Movs(X64Precision precision, XmmRegister d, X64Memory s) => Memory((uint)precision | Map0F | 0x10, (uint)d, s);

    public void Movs(X64Precision precision, X64Memory d, XmmRegister s) => Memory((uint)precision | Map0F | 0x11, (uint)s, d);

    /// <summary>All 128 bits: the cheapest copy.</summary>
    public void Movaps(XmmRegister d, XmmRegister s) => Register(Map0F | 0x28, (uint)d, (uint)s);

    /// <summary>movd or movq; the rest of d becomes 0.</summary>
    public void Movd(X64Size size, XmmRegister d, X64Register s) => Register(Map0F | Prefix66 | 0x6E | Wide(size), (uint)d, (uint)s);

    /// <summary>movd or movq.</summary>
    public void Movd(X64Size size, X64Register d, XmmRegister s) => Register(Map0F | Prefix66 | 0x7E | Wide(size), (uint)s, (uint)d);

    /// <summary>sqrt, add, mul, sub, min, div, max of scalars: d = d op s.</summary>
    public void Scalar(X64Scalar operation, X64Precision precision, XmmRegister d, XmmRegister s) =>
        Register((uint)precision | Map0F | (uint)operation, (uint)d, (uint)s);

    /// <inheritdoc cref="Scalar(X64Scalar, X64Precision, XmmRegister, XmmRegister)"/>
    public void Scalar(X64Scalar operation, X64Precision precision, XmmRegister d, X64Memory s) =>
        Memory((uint)precision | Map0F | (uint)operation, (uint)d, s);

    /// <summary>sqrt, add, mul, sub, min, div, max of scalars: d = a op b, the upper bits from a; sqrt takes b only.</summary>
    public void VScalar(X64Scalar operation, X64Precision precision, XmmRegister d, XmmRegister a, XmmRegister b) =>
        Vex((uint)precision | Map0F | (uint)operation, (uint)d, (uint)a, (uint)b);

    /// <inheritdoc cref="VScalar(X64Scalar, X64Precision, XmmRegister, XmmRegister, XmmRegister)"/>
    public void VScalar(X64Scalar operation, X64Precision precision, XmmRegister d, XmmRegister a, X64Memory b) =>
        Vex((uint)precision | Map0F | (uint)operation, (uint)d, (uint)a, b);

    public void FusedMultiply(X64FusedMultiply operation, X64Precision precision, XmmRegister a, XmmRegister b, XmmRegister c) =>
        Vex(Fused(operation, precision), (uint)a, (uint)b, (uint)c);

    public void FusedMultiply(X64FusedMultiply operation, X64Precision precision, XmmRegister a, XmmRegister b, X64Memory c) =>
        Vex(Fused(operation, precision), (uint)a, (uint)b, c);

    private static uint Fused(X64FusedMultiply operation, X64Precision precision) =>
        Map0F38 | Prefix66 | (uint)operation | (precision == X64Precision.Double ? W : 0);

    /// <summary>ucomiss or ucomisd: quiet NaNs raise nothing. Unordered: ZF, PF and CF; greater: none; less: CF; equal: ZF.</summary>
    public void Ucomis(X64Precision precision, XmmRegister a, XmmRegister b) => Register(Packed(precision) | Map0F | 0x2E, (uint)a, (uint)b);

    /// <inheritdoc cref="Ucomis(X64Precision, XmmRegister, XmmRegister)"/>
    public void Ucomis(X64Precision precision, XmmRegister a, X64Memory b) => Memory(Packed(precision) | Map0F | 0x2E, (uint)a, b);

    /// <summary>comiss or comisd: any NaN raises the invalid flag. Flags as after <see cref="Ucomis(X64Precision, XmmRegister, XmmRegister)"/>.</summary>
    public void Comis(X64Precision precision, XmmRegister a, XmmRegister b) => Register(Packed(precision) | Map0F | 0x2F, (uint)a, (uint)b);

    /// <inheritdoc cref="Comis(X64Precision, XmmRegister, XmmRegister)"/>
    public void Comis(X64Precision precision, XmmRegister a, X64Memory b) => Memory(Packed(precision) | Map0F | 0x2F, (uint)a, b);

    /// <summary>cvtsi2ss or cvtsi2sd from a signed integer of a size; the rest of d is kept (and waited for).</summary>
    public void Cvtsi2s(X64Precision precision, X64Size size, XmmRegister d, X64Register s) =>
        Register((uint)precision | Map0F | 0x2A | Wide(size), (uint)d, (uint)s);

    /// <inheritdoc cref="Cvtsi2s(X64Precision, X64Size, XmmRegister, X64Register)"/>
    public void Cvtsi2s(X64Precision precision, X64Size size, XmmRegister d, X64Memory s) =>
        Memory((uint)precision | Map0F | 0x2A | Wide(size), (uint)d, s);

    /// <summary>The same, the rest of d from a.</summary>
    public void VCvtsi2s(X64Precision precision, X64Size size, XmmRegister d, XmmRegister a, X64Register s) =>
        Vex((uint)precision | Map0F | 0x2A | Wide(size), (uint)d, (uint)a, (uint)s);

    /// <summary>cvttss2si or cvttsd2si: toward zero; what does not fit gives the least integer and raises invalid.</summary>
    public void Cvtts2si(X64Precision precision, X64Size size, X64Register d, XmmRegister s) =>
        Register((uint)precision | Map0F | 0x2C | Wide(size), (uint)d, (uint)s);

    /// <inheritdoc cref="Cvtts2si(X64Precision, X64Size, X64Register, XmmRegister)"/>
    public void Cvtts2si(X64Precision precision, X64Size size, X64Register d, X64Memory s) =>
        Memory((uint)precision | Map0F | 0x2C | Wide(size), (uint)d, s);

    /// <summary>cvtss2si or cvtsd2si: as MXCSR rounds; what does not fit gives the least integer and raises invalid.</summary>
    public void Cvts2si(X64Precision precision, X64Size size, X64Register d, XmmRegister s) =>
        Register((uint)precision | Map0F | 0x2D | Wide(size), (uint)d, (uint)s);

    /// <inheritdoc cref="Cvts2si(X64Precision, X64Size, X64Register, XmmRegister)"/>
    public void Cvts2si(X64Precision precision, X64Size size, X64Register d, X64Memory s) =>
        Memory((uint)precision | Map0F | 0x2D | Wide(size), (uint)d, s);

    /// <summary>From the given precision to the other one: cvtss2sd or cvtsd2ss.</summary>
    public void Cvts2s(X64Precision from, XmmRegister d, XmmRegister s) => Register((uint)from | Map0F | 0x5A, (uint)d, (uint)s);

    /// <inheritdoc cref="Cvts2s(X64Precision, XmmRegister, XmmRegister)"/>
    public void Cvts2s(X64Precision from, XmmRegister d, X64Memory s) => Memory((uint)from | Map0F | 0x5A, (uint)d, s);

    /// <summary>From the given precision to the other one, the rest of d from a.</summary>
    public void VCvts2s(X64Precision from, XmmRegister d, XmmRegister a, XmmRegister s) =>
        Vex((uint)from | Map0F | 0x5A, (uint)d, (uint)a, (uint)s);

    public void Andps(XmmRegister d, XmmRegister s) => Register(Map0F | 0x54, (uint)d, (uint)s);

    /// <summary>16 bytes, aligned, as all packed operands in memory.</summary>
    public void Andps(XmmRegister d, X64Memory s) => Memory(Map0F | 0x54, (uint)d, s);

    /// <summary>d = ~d &amp; s.</summary>
    public void Andnps(XmmRegister d, XmmRegister s) => Register(Map0F | 0x55, (uint)d, (uint)s);

    /// <inheritdoc cref="Andnps(XmmRegister, XmmRegister)"/>
    public void Andnps(XmmRegister d, X64Memory s) => Memory(Map0F | 0x55, (uint)d, s);

    public void Orps(XmmRegister d, XmmRegister s) => Register(Map0F | 0x56, (uint)d, (uint)s);

    public void Orps(XmmRegister d, X64Memory s) => Memory(Map0F | 0x56, (uint)d, s);

    public void Xorps(XmmRegister d, XmmRegister s) => Register(Map0F | 0x57, (uint)d, (uint)s);

    public void Xorps(XmmRegister d, X64Memory s) => Memory(Map0F | 0x57, (uint)d, s);

    public void VAndps(XmmRegister d, XmmRegister a, XmmRegister b) => Vex(Map0F | 0x54, (uint)d, (uint)a, (uint)b);

    /// <summary>d = ~a &amp; b.</summary>
    public void VAndnps(XmmRegister d, XmmRegister a, XmmRegister b) => Vex(Map0F | 0x55, (uint)d, (uint)a, (uint)b);

    public void VOrps(XmmRegister d, XmmRegister a, XmmRegister b) => Vex(Map0F | 0x56, (uint)d, (uint)a, (uint)b);

    public void VXorps(XmmRegister d, XmmRegister a, XmmRegister b) => Vex(Map0F | 0x57, (uint)d, (uint)a, (uint)b);

    /// <summary>roundss or roundsd (SSE4.1); bits 0-1 of the mode: nearest, down, up, zero; bit 2: as MXCSR says; bit 3: inexact is not raised.</summary>
    public void Rounds(X64Precision precision, XmmRegister d, XmmRegister s, byte mode)
    {
        Immediate8(Register(Round(precision), (uint)d, (uint)s), mode);
    }

    /// <inheritdoc cref="Rounds(X64Precision, XmmRegister, XmmRegister, byte)"/>
    public void VRounds(X64Precision precision, XmmRegister d, XmmRegister a, XmmRegister s, byte mode)
    {
        Immediate8(Vex(Round(precision), (uint)d, (uint)a, (uint)s), mode);
    }

    private static uint Round(X64Precision precision) =>
        Map0F3A | Prefix66 | X64Opcode.Immediate8 | (precision == X64Precision.Double ? 0x0Bu : 0x0A);

    /// <summary>Carry-less product of 64-bit halves: bit 0 of the selector takes d's upper one, bit 4 s's.</summary>
    public void Pclmulqdq(XmmRegister d, XmmRegister s, byte selector)
    {
        Immediate8(Register(Map0F3A | Prefix66 | 0x44 | X64Opcode.Immediate8, (uint)d, (uint)s), selector);
    }

    /// <summary>The lower half of d = the upper half of s.</summary>
    public void Movhlps(XmmRegister d, XmmRegister s) => Register(Map0F | 0x12, (uint)d, (uint)s);

    /// <summary>Loads MXCSR from 4 bytes.</summary>
    public void Ldmxcsr(X64Memory s) => Memory(Map0F | 0xAE, 2, s);

    /// <summary>Stores MXCSR in 4 bytes.</summary>
    public void Stmxcsr(X64Memory d) => Memory(Map0F | 0xAE, 3, d);
}
