using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Dbt.Isa.FloatingPoint;

/// <summary>
/// Exact IEEE 754 binary32 and binary64 arithmetic for guests. The five rounding directions; exceptions accrue into
/// <c>flags</c>, whose bits are <see cref="FloatingPointFlags"/> and are never cleared; tininess is detected after rounding; every NaN
/// result is the canonical quiet one (RISC-V manual, Volume I, section "NaN Generation and Propagation").
/// Neither reads nor changes the host's floating-point environment, which must round to nearest even, as .NET has it.
/// Rounding arguments must be defined members of <see cref="FloatingPointRounding"/>.
/// </summary>
/// <remarks>
/// Three paths, from short to long; notes/0001-floating-point.md says why each is exact:
/// inlined, the host's operation, once Inexact is set and rounding is to nearest even; in the methods called
/// <c>…Carefully</c>, the host's operation and its rounding error, which tells whether the result is exact; else <see cref="SoftFloat"/>.
/// </remarks>
public static partial class Ieee754
{
    /// <summary>Products and quotients' dividends above this have rounding errors that are representable: 2^-960.</summary>
    private const double ErrorsRepresentable = 1.0261342003245941E-289;

    /// <summary>Whether the host has an instruction for fused multiply-add; the runtime's substitute is slower than ours.</summary>
    private static bool HasFusedMultiplyAdd
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Fma.IsSupported || AdvSimd.Arm64.IsSupported;
    }

    /// <summary>Whether a normal result of the host's own operation is all there is to deliver.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsRelaxed(FloatingPointRounding rounding, uint flags) =>
        rounding == FloatingPointRounding.NearestEven && (flags & (uint)FloatingPointFlags.Inexact) != 0;

    /// <summary>Finite and above the smallest normal number, to which a tiny result may have been rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsClearlyNormal(float a) =>
        (BitConverter.SingleToUInt32Bits(a) & 0x7fff_ffff) - 0x0080_0001 < 0x7f80_0000 - 0x0080_0001;

    /// <inheritdoc cref="IsClearlyNormal(float)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsClearlyNormal(double a) =>
        (BitConverter.DoubleToUInt64Bits(a) & 0x7fff_ffff_ffff_ffff) - 0x0010_0000_0000_0001
            < 0x7ff0_0000_0000_0000 - 0x0010_0000_0000_0001;

    private static ulong Bits(float a) => BitConverter.SingleToUInt32Bits(a);

    private static ulong Bits(double a) => BitConverter.DoubleToUInt64Bits(a);

    private static float Single(ulong bits) => BitConverter.UInt32BitsToSingle((uint)bits);

    private static double Double(ulong bits) => BitConverter.UInt64BitsToDouble(bits);

    private static void FlagInexact(bool inexact, ref uint flags) => flags |= inexact ? (uint)FloatingPointFlags.Inexact : 0;
}
