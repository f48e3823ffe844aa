namespace Dbt.Isa.Semantics;

/// <summary>
/// Functions that a semantics column may call and that engines know how to print. Pure, except that the
/// floating-point ones accrue exceptions in <see cref="HartHeader.FpFlags"/>.
/// The name used in specs stands in brackets; isa-specs/README.md is the manual.
/// </summary>
public enum Intrinsic
{
    /// <summary>Number of leading zero bits, the width for zero [clz(T) → int].</summary>
    LeadingZeroCount,

    /// <summary>Number of trailing zero bits, the width for zero [ctz(T) → int].</summary>
    TrailingZeroCount,

    /// <summary>Number of one bits [popcount(T) → int].</summary>
    PopCount,

    /// <summary>Rotation left, count modulo the width [rotateLeft(T, int) → T].</summary>
    RotateLeft,

    /// <summary>Rotation right, count modulo the width [rotateRight(T, int) → T].</summary>
    RotateRight,

    /// <summary>Bytes in the other order [reverseBytes(T) → T].</summary>
    ReverseBytes,

    /// <summary>Upper half of the product, signed or unsigned by T [multiplyHigh(T, T) → T].</summary>
    MultiplyHigh,

    /// <summary>Upper half of signed times unsigned [multiplyHighMixed(signed, unsigned) → signed].</summary>
    MultiplyHighMixed,

    /// <summary>Low half of the carry-less product [carrylessMultiply(T, T) → T].</summary>
    CarrylessMultiply,

    /// <summary>Upper half of the carry-less product [carrylessMultiplyHigh(T, T) → T].</summary>
    CarrylessMultiplyHigh,

    /// <summary>Sum [add(F, F, rm) → F].</summary>
    FpAdd,

    /// <summary>Difference [subtract(F, F, rm) → F].</summary>
    FpSubtract,

    /// <summary>Product [multiply(F, F, rm) → F].</summary>
    FpMultiply,

    /// <summary>Quotient [divide(F, F, rm) → F].</summary>
    FpDivide,

    /// <summary>Square root [squareRoot(F, rm) → F].</summary>
    FpSquareRoot,

    /// <summary>a * b + c rounded once [fusedMultiplyAdd(F, F, F, rm) → F].</summary>
    FpFusedMultiplyAdd,

    /// <summary>IEEE 754-2019 minimumNumber, canonical NaN [minimumNumber(F, F) → F].</summary>
    FpMinimumNumber,

    /// <summary>IEEE 754-2019 maximumNumber, canonical NaN [maximumNumber(F, F) → F].</summary>
    FpMaximumNumber,

    /// <summary>Quiet comparison: Invalid on a signaling NaN only [equal(F, F) → bool].</summary>
    FpEqual,

    /// <summary>Signaling comparison: Invalid on any NaN [less(F, F) → bool].</summary>
    FpLess,

    /// <summary>Signaling comparison: Invalid on any NaN [lessOrEqual(F, F) → bool].</summary>
    FpLessOrEqual,

    /// <summary>RISC-V's ten-bit class mask [classify(F) → int].</summary>
    FpClassify,

    /// <summary>To a 32-bit signed integer, saturating, NaN to the largest [toInt(F, rm) → int].</summary>
    FpToInt32,

    /// <summary>To a 32-bit unsigned integer, saturating, NaN to the largest [toUInt(F, rm) → uint].</summary>
    FpToUInt32,

    /// <summary>To a 64-bit signed integer, saturating, NaN to the largest [toLong(F, rm) → long].</summary>
    FpToInt64,

    /// <summary>To a 64-bit unsigned integer, saturating, NaN to the largest [toULong(F, rm) → ulong].</summary>
    FpToUInt64,

    /// <summary>To binary32 from int, uint, long, ulong or double, rounding [toFloat(T, rm) → float].</summary>
    FpToSingle,

    /// <summary>To binary64 from int, uint, long, ulong or float, rounding [toDouble(T, rm) → double].</summary>
    FpToDouble,

    /// <summary>The bits of a value [bits(float) → int, bits(double) → long].</summary>
    FpToBits,

    /// <summary>The value of bits [floatFromBits(int) → float, doubleFromBits(long) → double].</summary>
    FpFromBits,

    /// <summary>A binary32 in a 64-bit register: upper bits all ones [printed for a write of a <c>float boxed</c> field].</summary>
    FpBox,

    /// <summary>The binary32 in a 64-bit register, canonical NaN when it is not boxed [printed for a read of a <c>float boxed</c> field].</summary>
    FpUnbox,
}
