using Dbt.Isa.FloatingPoint;

namespace Dbt.Isa.Tests.FloatingPoint;

/// <summary>One operation in its four forms: the guests', the software's, the host's (to nearest even, no flags) and the exact one.</summary>
/// <param name="Name">Name in test results.</param>
/// <param name="Format">Format of operands and result.</param>
/// <param name="Guest">The tested operation.</param>
/// <param name="Software">Its slow path alone.</param>
/// <param name="Host">What C# does, which also says what infinities and NaNs give.</param>
/// <param name="Exact">The mathematical function of finite operands; null where it has no value.</param>
/// <param name="ZeroSign">The sign of an exact zero: bit of a, b, c; null when opposite signs cancel.</param>
internal sealed record ArithmeticOperation(
    string Name,
    BinaryFormat Format,
    BitOperation Guest,
    BitOperation Software,
    Func<ulong, ulong, ulong, ulong> Host,
    Func<ExactNumber, ExactNumber, ExactNumber, ExactNumber?> Exact,
    Func<bool, bool, bool, bool?> ZeroSign)
{
    public static IReadOnlyList<ArithmeticOperation> All { get; } =
    [
        new("add.s", BinaryFormat.Single,
            (ulong a, ulong b, ulong c, FloatingPointRounding r, ref uint f) => B(Ieee754.Add(S(a), S(b), r, ref f)),
            (ulong a, ulong b, ulong c, FloatingPointRounding r, ref uint f) => SoftFloat.Add(a, b, BinaryFormat.Single, r, ref f),
            (a, b, c) => B(S(a) + S(b)), (a, b, c) => a + b, (a, b, c) => a == b ? a : null),
        new("add.d", BinaryFormat.Double,
            (ulong a, ulong b, ulong c, FloatingPointRounding r, ref uint f) => B(Ieee754.Add(D(a), D(b), r, ref f)),
            (ulong a, ulong b, ulong c, FloatingPointRounding r, ref uint f) => SoftFloat.Add(a, b, BinaryFormat.Double, r, ref f),
            (a, b, c) => B(D(a) + D(b)), (a, b, c) => a + b, (a, b, c) => a == b ? a : null),
        new("subtract.s", BinaryFormat.Single,
            (ulong a, ulong b, ulong c, FloatingPointRounding r, ref uint f) => B(Ieee754.Subtract(S(a), S(b), r, ref f)),
            (ulong a, ulong b, ulong c, FloatingPointRounding r, ref uint f) => SoftFloat.Add(a, b ^ (1UL << 31), BinaryFormat.Single, r, ref f),
            (a, b, c) => B(S(a) - S(b)), (a, b, c) => a - b, (a, b, c) => a != b ? a : null),
        new("subtract.d", BinaryFormat.Double,
            (ulong a, ulong b, ulong c, FloatingPointRounding r, ref uint f) => B(Ieee754.Subtract(D(a), D(b), r, ref f)),
            (ulong a, ulong b, ulong c, FloatingPointRounding r, ref uint f) => SoftFloat.Add(a, b ^ (1UL << 63), BinaryFormat.Double, r, ref f),
            (a, b, c) => B(D(a) - D(b)), (a, b, c) => a - b, (a, b, c) => a != b ? a : null),
        new("multiply.s", BinaryFormat.Single,
            (ulong a, ulong b, ulong c, FloatingPointRounding r, ref uint f) => B(Ieee754.Multiply(S(a), S(b), r, ref f)),
            (ulong a, ulong b, ulong c, FloatingPointRounding r, ref uint f) => SoftFloat.Multiply(a, b, BinaryFormat.Single, r, ref f),
            (a, b, c) => B(S(a) * S(b)), (a, b, c) => a * b, (a, b, c) => a ^ b),
        new("multiply.d", BinaryFormat.Double,
            (ulong a, ulong b, ulong c, FloatingPointRounding r, ref uint f) => B(Ieee754.Multiply(D(a), D(b), r, ref f)),
            (ulong a, ulong b, ulong c, FloatingPointRounding r, ref uint f) => SoftFloat.Multiply(a, b, BinaryFormat.Double, r, ref f),
            (a, b, c) => B(D(a) * D(b)), (a, b, c) => a * b, (a, b, c) => a ^ b),
        new("divide.s", BinaryFormat.Single,
            (ulong a, ulong b, ulong c, FloatingPointRounding r, ref uint f) => B(Ieee754.Divide(S(a), S(b), r, ref f)),
            (ulong a, ulong b, ulong c, FloatingPointRounding r, ref uint f) => SoftFloat.Divide(a, b, BinaryFormat.Single, r, ref f),
            (a, b, c) => B(S(a) / S(b)), (a, b, c) => b.IsZero ? null : a / b, (a, b, c) => a ^ b),
        new("divide.d", BinaryFormat.Double,
            (ulong a, ulong b, ulong c, FloatingPointRounding r, ref uint f) => B(Ieee754.Divide(D(a), D(b), r, ref f)),
            (ulong a, ulong b, ulong c, FloatingPointRounding r, ref uint f) => SoftFloat.Divide(a, b, BinaryFormat.Double, r, ref f),
            (a, b, c) => B(D(a) / D(b)), (a, b, c) => b.IsZero ? null : a / b, (a, b, c) => a ^ b),
        new("squareRoot.s", BinaryFormat.Single,
            (ulong a, ulong b, ulong c, FloatingPointRounding r, ref uint f) => B(Ieee754.SquareRoot(S(a), r, ref f)),
            (ulong a, ulong b, ulong c, FloatingPointRounding r, ref uint f) => SoftFloat.SquareRoot(a, BinaryFormat.Single, r, ref f),
            (a, b, c) => B(MathF.Sqrt(S(a))), (a, b, c) => a.Numerator.Sign < 0 ? null : a.SquareRoot(), (a, b, c) => a),
        new("squareRoot.d", BinaryFormat.Double,
            (ulong a, ulong b, ulong c, FloatingPointRounding r, ref uint f) => B(Ieee754.SquareRoot(D(a), r, ref f)),
            (ulong a, ulong b, ulong c, FloatingPointRounding r, ref uint f) => SoftFloat.SquareRoot(a, BinaryFormat.Double, r, ref f),
            (a, b, c) => B(Math.Sqrt(D(a))), (a, b, c) => a.Numerator.Sign < 0 ? null : a.SquareRoot(), (a, b, c) => a),
        new("fusedMultiplyAdd.s", BinaryFormat.Single,
            (ulong a, ulong b, ulong c, FloatingPointRounding r, ref uint f) => B(Ieee754.FusedMultiplyAdd(S(a), S(b), S(c), r, ref f)),
            (ulong a, ulong b, ulong c, FloatingPointRounding r, ref uint f) => SoftFloat.FusedMultiplyAdd(a, b, c, BinaryFormat.Single, r, ref f),
            (a, b, c) => B(MathF.FusedMultiplyAdd(S(a), S(b), S(c))), (a, b, c) => (a * b) + c, (a, b, c) => (a ^ b) == c ? c : null),
        new("fusedMultiplyAdd.d", BinaryFormat.Double,
            (ulong a, ulong b, ulong c, FloatingPointRounding r, ref uint f) => B(Ieee754.FusedMultiplyAdd(D(a), D(b), D(c), r, ref f)),
            (ulong a, ulong b, ulong c, FloatingPointRounding r, ref uint f) => SoftFloat.FusedMultiplyAdd(a, b, c, BinaryFormat.Double, r, ref f),
            (a, b, c) => B(Math.FusedMultiplyAdd(D(a), D(b), D(c))), (a, b, c) => (a * b) + c, (a, b, c) => (a ^ b) == c ? c : null),
    ];

    /// <summary>What IEEE 754 and the RISC-V manual say.</summary>
    public ulong Reference(ulong a, ulong b, ulong c, FloatingPointRounding rounding, ref uint flags)
    {
        var operands = Name.StartsWith("squareRoot", StringComparison.Ordinal) ? [a]
            : Name.StartsWith("fused", StringComparison.Ordinal) ? [a, b, c] : new[] { a, b };
        if (operands.Any(Format.IsSignalingNaN))
            flags |= (uint)FloatingPointFlags.Invalid;
        var undefinedProduct = operands.Length == 3
            && ((Format.IsZero(a) && Format.IsInfinite(b)) || (Format.IsInfinite(a) && Format.IsZero(b)));
        if (operands.Any(operand => Format.IsNaN(operand) || Format.IsInfinite(operand)))
        {
            var special = Host(a, b, c);
            if (undefinedProduct || (Format.IsNaN(special) && !operands.Any(Format.IsNaN)))
                flags |= (uint)FloatingPointFlags.Invalid;
            return Format.IsNaN(special) ? Format.CanonicalNaN : special;
        }

        var (x, y, z) = (ExactNumber.Of(a, Format), Finite(b), Finite(c));
        if (Exact(x, y, z) is not { } exact)
        {
            // A zero divisor, or the root of a negative number.
            var dividesByZero = operands.Length == 2 && !x.IsZero;
            flags |= (uint)(dividesByZero ? FloatingPointFlags.DivideByZero : FloatingPointFlags.Invalid);
            return dividesByZero ? Format.WithSign(Format.IsNegative(a ^ b), Format.Infinity) : Format.CanonicalNaN;
        }

        if (!exact.IsZero)
            return exact.Round(Format, rounding, ref flags);
        var negative = ZeroSign(Format.IsNegative(a), Format.IsNegative(b), Format.IsNegative(c))
            ?? rounding == FloatingPointRounding.Down;
        return negative ? Format.SignBit : 0;
    }

    private ExactNumber Finite(ulong bits) =>
        Format.IsNaN(bits) || Format.IsInfinite(bits) ? new ExactNumber(0, 1) : ExactNumber.Of(bits, Format);

    private static float S(ulong bits) => BitConverter.UInt32BitsToSingle((uint)bits);

    private static double D(ulong bits) => BitConverter.UInt64BitsToDouble(bits);

    private static ulong B(float value) => BitConverter.SingleToUInt32Bits(value);

    private static ulong B(double value) => BitConverter.DoubleToUInt64Bits(value);
}
