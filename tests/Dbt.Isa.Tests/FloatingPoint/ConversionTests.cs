using System.Numerics;
using Dbt.Isa.FloatingPoint;

namespace Dbt.Isa.Tests.FloatingPoint;

public sealed class ConversionTests
{
    private const int Cases = 20_000;

    private static readonly FloatingPointRounding[] Roundings = Enum.GetValues<FloatingPointRounding>();

    private delegate TResult Conversion<in TOperand, TResult>(TOperand operand, FloatingPointRounding rounding, ref uint flags);

    [Fact]
    public void ToInt32() => CheckToInteger<int>(Ieee754.ToInt32, Ieee754.ToInt32);

    [Fact]
    public void ToUInt32() => CheckToInteger<uint>(Ieee754.ToUInt32, Ieee754.ToUInt32);

    [Fact]
    public void ToInt64() => CheckToInteger<long>(Ieee754.ToInt64, Ieee754.ToInt64);

    [Fact]
    public void ToUInt64() => CheckToInteger<ulong>(Ieee754.ToUInt64, Ieee754.ToUInt64);

    [Fact]
    public void FromInt32() => CheckFromInteger(integer => (int)integer, Ieee754.ToSingle, Ieee754.ToDouble);

    [Fact]
    public void FromUInt32() => CheckFromInteger(integer => (uint)integer, Ieee754.ToSingle, Ieee754.ToDouble);

    [Fact]
    public void FromInt64() => CheckFromInteger(integer => (long)integer, Ieee754.ToSingle, Ieee754.ToDouble);

    [Fact]
    public void FromUInt64() => CheckFromInteger(integer => integer, Ieee754.ToSingle, Ieee754.ToDouble);

    [Fact]
    public void DoubleToSingle()
    {
        var operands = new Operands(5);
        for (var i = 0; i < Cases; i++)
        {
            // Half of them single numbers with something in or behind the last place.
            var bits = operands.Next(BinaryFormat.Double);
            if (i % 2 == 0)
            {
                var single = operands.Next(BinaryFormat.Single);
                bits = BitConverter.DoubleToUInt64Bits(BitConverter.UInt32BitsToSingle((uint)single)) ^ (operands.NextInteger() & 0x3fff_ffff);
            }

            foreach (var rounding in Roundings)
            {
                uint expectedFlags = 0;
                var expected = Reference(bits, BinaryFormat.Double, BinaryFormat.Single, rounding, ref expectedFlags);
                foreach (var before in new uint[] { 0, 1, 30 })
                {
                    var flags = before;
                    var result = BitConverter.SingleToUInt32Bits(Ieee754.ToSingle(BitConverter.UInt64BitsToDouble(bits), rounding, ref flags));
                    Check(bits, rounding, expected, before | expectedFlags, result, flags);
                }

                uint softwareFlags = 0;
                var software = SoftFloat.Convert(bits, BinaryFormat.Double, BinaryFormat.Single, rounding, ref softwareFlags);
                Check(bits, rounding, expected, expectedFlags, software, softwareFlags);
            }
        }
    }

    [Fact]
    public void SingleToDouble()
    {
        var operands = new Operands(6);
        for (var i = 0; i < Cases; i++)
        {
            var bits = operands.Next(BinaryFormat.Single);
            foreach (var rounding in Roundings)
            {
                uint expectedFlags = 0, flags = 0, softwareFlags = 0;
                var expected = Reference(bits, BinaryFormat.Single, BinaryFormat.Double, rounding, ref expectedFlags);
                var result = BitConverter.DoubleToUInt64Bits(Ieee754.ToDouble(BitConverter.UInt32BitsToSingle((uint)bits), rounding, ref flags));
                Check(bits, rounding, expected, expectedFlags, result, flags);
                var software = SoftFloat.Convert(bits, BinaryFormat.Single, BinaryFormat.Double, rounding, ref softwareFlags);
                Check(bits, rounding, expected, expectedFlags, software, softwareFlags);
            }
        }
    }

    private static void CheckToInteger<T>(Conversion<double, T> fromDouble, Conversion<float, T> fromSingle)
        where T : IBinaryInteger<T>, IMinMaxValue<T>
    {
        var operands = new Operands(3);
        for (var i = 0; i < Cases; i++)
        {
            var format = i % 2 == 0 ? BinaryFormat.Double : BinaryFormat.Single;
            var bits = operands.NextNearInteger(format);
            foreach (var rounding in Roundings)
            {
                foreach (var before in new uint[] { 0, 1, 14 })
                {
                    var (expected, raised) = Reference(bits, format, rounding);
                    var flags = before;
                    var result = format == BinaryFormat.Double
                        ? fromDouble(BitConverter.UInt64BitsToDouble(bits), rounding, ref flags)
                        : fromSingle(BitConverter.UInt32BitsToSingle((uint)bits), rounding, ref flags);
                    if (result != expected || flags != (before | raised))
                        Assert.Fail($"{rounding} {bits:x}: {result} flags {flags}, expected {expected} flags {before | raised}");
                }
            }
        }

        static (T Value, uint Flags) Reference(ulong bits, BinaryFormat format, FloatingPointRounding rounding)
        {
            const uint Invalid = (uint)FloatingPointFlags.Invalid;
            if (format.IsNaN(bits))
                return (T.MaxValue, Invalid);
            if (format.IsInfinite(bits))
                return (format.IsNegative(bits) ? T.MinValue : T.MaxValue, Invalid);
            var exact = ExactNumber.Of(bits, format);
            var integer = exact.ToInteger(rounding);
            if (integer < BigInteger.CreateChecked(T.MinValue))
                return (T.MinValue, Invalid);
            if (integer > BigInteger.CreateChecked(T.MaxValue))
                return (T.MaxValue, Invalid);
            var isExact = (exact - new ExactNumber(integer, 1)).IsZero;
            return (T.CreateChecked(integer), isExact ? 0 : (uint)FloatingPointFlags.Inexact);
        }
    }

    private static void CheckFromInteger<T>(Func<ulong, T> narrow, Conversion<T, float> toSingle, Conversion<T, double> toDouble)
        where T : IBinaryInteger<T>
    {
        var operands = new Operands(4);
        for (var i = 0; i < Cases; i++)
        {
            var integer = i == 0 ? T.Zero : narrow(operands.NextInteger());
            var exact = new ExactNumber(BigInteger.CreateChecked(integer), 1);
            foreach (var rounding in Roundings)
            {
                uint expectedFlags = 0, flags = 0;
                var expected = exact.IsZero ? 0 : exact.Round(BinaryFormat.Single, rounding, ref expectedFlags);
                var single = BitConverter.SingleToUInt32Bits(toSingle(integer, rounding, ref flags));
                Check(ulong.CreateTruncating(integer), rounding, expected, expectedFlags, single, flags);

                (expectedFlags, flags) = (0, 0);
                expected = exact.IsZero ? 0 : exact.Round(BinaryFormat.Double, rounding, ref expectedFlags);
                var result = BitConverter.DoubleToUInt64Bits(toDouble(integer, rounding, ref flags));
                Check(ulong.CreateTruncating(integer), rounding, expected, expectedFlags, result, flags);
            }
        }
    }

    private static ulong Reference(ulong bits, BinaryFormat from, BinaryFormat to, FloatingPointRounding rounding, ref uint flags)
    {
        if (from.IsSignalingNaN(bits))
            flags |= (uint)FloatingPointFlags.Invalid;
        if (from.IsNaN(bits))
            return to.CanonicalNaN;
        var sign = from.IsNegative(bits) ? to.SignBit : 0;
        if (from.IsInfinite(bits))
            return sign | to.Infinity;
        return from.IsZero(bits) ? sign : ExactNumber.Of(bits, from).Round(to, rounding, ref flags);
    }

    private static void Check(
        ulong operand, FloatingPointRounding rounding, ulong expected, uint expectedFlags, ulong result, uint flags)
    {
        if (result != expected || flags != expectedFlags)
            Assert.Fail($"{rounding} {operand:x}: {result:x} flags {flags}, expected {expected:x} flags {expectedFlags}");
    }
}
