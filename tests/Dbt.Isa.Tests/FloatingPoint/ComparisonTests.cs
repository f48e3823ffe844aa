using System.Runtime.CompilerServices;
using Dbt.Isa.FloatingPoint;

namespace Dbt.Isa.Tests.FloatingPoint;

public sealed class ComparisonTests
{
    private const uint Invalid = (uint)FloatingPointFlags.Invalid;
    private const float QuietNaN = float.NaN;
    // Not static fields: as a constant, a signaling NaN of 32 bits does not survive the JIT, which keeps constants as doubles.
    private static float SignalingNaN => Opaque(0xff80_0001);

    private static double SignalingNaN64 => BitConverter.UInt64BitsToDouble(0x7ff0_0000_0000_0001);

    [Fact]
    public void MinimumAndMaximumOfNumbersAreOrderedWithNegativeZeroFirst()
    {
        float[] ordered = [float.NegativeInfinity, -1, -float.Epsilon, -0f, 0f, float.Epsilon, 1, float.PositiveInfinity];
        for (var i = 0; i < ordered.Length; i++)
        {
            for (var j = 0; j < ordered.Length; j++)
            {
                uint flags = 0;
                var (low, high) = (ordered[Math.Min(i, j)], ordered[Math.Max(i, j)]);
                AssertSame(low, Ieee754.MinimumNumber(ordered[i], ordered[j], ref flags));
                AssertSame(high, Ieee754.MaximumNumber(ordered[i], ordered[j], ref flags));
                AssertSame((double)low, Ieee754.MinimumNumber((double)ordered[i], ordered[j], ref flags));
                AssertSame((double)high, Ieee754.MaximumNumber((double)ordered[i], ordered[j], ref flags));
                Assert.Equal(0u, flags);
            }
        }
    }

    [Fact]
    public void MinimumAndMaximumPreferNumbersToNaNs()
    {
        uint flags = 0;
        AssertSame(1f, Ieee754.MinimumNumber(1f, QuietNaN, ref flags));
        AssertSame(1f, Ieee754.MaximumNumber(QuietNaN, 1f, ref flags));
        AssertSame(1d, Ieee754.MinimumNumber(double.NaN, 1d, ref flags));
        AssertSame(1d, Ieee754.MaximumNumber(1d, double.NaN, ref flags));
        Assert.Equal(0x7fc0_0000, Ieee754.ToBits(Ieee754.MinimumNumber(-QuietNaN, QuietNaN, ref flags)));
        Assert.Equal(0x7ff8_0000_0000_0000, Ieee754.ToBits(Ieee754.MaximumNumber(double.NaN, -double.NaN, ref flags)));
        Assert.Equal(0u, flags);

        AssertSame(1f, Ieee754.MaximumNumber(SignalingNaN, 1f, ref flags));
        Assert.Equal(Invalid, flags);
        flags = 1;
        AssertSame(1d, Ieee754.MinimumNumber(1d, SignalingNaN64, ref flags));
        Assert.Equal(Invalid | 1, flags);
        flags = 0;
        Assert.Equal(0x7fc0_0000, Ieee754.ToBits(Ieee754.MinimumNumber(QuietNaN, SignalingNaN, ref flags)));
        Assert.Equal(Invalid, flags);
    }

    [Fact]
    public void ComparisonsAgreeWithTheHostAndFlagNaNs()
    {
        var operands = new Operands(7);
        for (var i = 0; i < 20_000; i++)
        {
            var a = operands.Next(BinaryFormat.Double);
            var b = operands.NextBeside(a, BinaryFormat.Double);
            var (x, y) = (BitConverter.UInt64BitsToDouble(a), BitConverter.UInt64BitsToDouble(b));
            CheckFlags(BinaryFormat.Double, a, b,
                (ref uint flags) => Assert.Equal(x == y, Ieee754.Equal(x, y, ref flags)),
                (ref uint flags) => Assert.Equal(x < y, Ieee754.Less(x, y, ref flags)),
                (ref uint flags) => Assert.Equal(x <= y, Ieee754.LessOrEqual(x, y, ref flags)));

            a = operands.Next(BinaryFormat.Single);
            b = operands.NextBeside(a, BinaryFormat.Single);
            var (s, t) = (BitConverter.UInt32BitsToSingle((uint)a), BitConverter.UInt32BitsToSingle((uint)b));
            CheckFlags(BinaryFormat.Single, (uint)a, (uint)b,
                (ref uint flags) => Assert.Equal(s == t, Ieee754.Equal(s, t, ref flags)),
                (ref uint flags) => Assert.Equal(s < t, Ieee754.Less(s, t, ref flags)),
                (ref uint flags) => Assert.Equal(s <= t, Ieee754.LessOrEqual(s, t, ref flags)));
        }
    }

    [Theory]
    [InlineData(0xff80_0000u, 0xfff0_0000_0000_0000ul, 0)]
    [InlineData(0xff7f_ffffu, 0xffef_ffff_ffff_fffful, 1)]
    [InlineData(0x8080_0000u, 0x8010_0000_0000_0000ul, 1)]
    [InlineData(0x807f_ffffu, 0x800f_ffff_ffff_fffful, 2)]
    [InlineData(0x8000_0001u, 0x8000_0000_0000_0001ul, 2)]
    [InlineData(0x8000_0000u, 0x8000_0000_0000_0000ul, 3)]
    [InlineData(0x0000_0000u, 0x0000_0000_0000_0000ul, 4)]
    [InlineData(0x0000_0001u, 0x0000_0000_0000_0001ul, 5)]
    [InlineData(0x007f_ffffu, 0x000f_ffff_ffff_fffful, 5)]
    [InlineData(0x0080_0000u, 0x0010_0000_0000_0000ul, 6)]
    [InlineData(0x7f7f_ffffu, 0x7fef_ffff_ffff_fffful, 6)]
    [InlineData(0x7f80_0000u, 0x7ff0_0000_0000_0000ul, 7)]
    [InlineData(0x7f80_0001u, 0x7ff0_0000_0000_0001ul, 8)]
    [InlineData(0xffbf_ffffu, 0xfff7_ffff_ffff_fffful, 8)]
    [InlineData(0x7fc0_0000u, 0x7ff8_0000_0000_0000ul, 9)]
    [InlineData(0xffff_ffffu, 0xffff_ffff_ffff_fffful, 9)]
    public void ClassifySetsTheBitOfTheClass(uint single, ulong twice, int bit)
    {
        Assert.Equal(1 << bit, Ieee754.Classify(BitConverter.UInt32BitsToSingle(single)));
        Assert.Equal(1 << bit, Ieee754.Classify(BitConverter.UInt64BitsToDouble(twice)));
    }

    [Fact]
    public void MovesKeepEveryBitAndUnboxingChecksTheBox()
    {
        var operands = new Operands(8);
        for (var i = 0; i < 20_000; i++)
        {
            var bits = (uint)operands.Next(BinaryFormat.Single);
            var twice = operands.Next(BinaryFormat.Double);
            Assert.Equal(bits, (uint)Ieee754.ToBits(Ieee754.FromBits((int)bits)));
            Assert.Equal(twice, (ulong)Ieee754.ToBits(Ieee754.FromBits((long)twice)));
            Assert.Equal(0xffff_ffff_0000_0000 | bits, Ieee754.Box(Ieee754.Unbox(0xffff_ffff_0000_0000 | bits)));
            var otherBox = (twice << 32) | bits;
            Assert.Equal((uint)twice == uint.MaxValue ? bits : 0x7fc0_0000, (uint)Ieee754.ToBits(Ieee754.Unbox(otherBox)));
        }

        Assert.Equal(0x7fc0_0000, Ieee754.ToBits(Ieee754.Unbox(0xffff_fffe_ffff_ffff)));
        Assert.Equal(0x7f80_0001, Ieee754.ToBits(Ieee754.Unbox(0xffff_ffff_7f80_0001)));
    }

    private delegate void Comparison(ref uint flags);

    private static void CheckFlags(BinaryFormat format, ulong a, ulong b, Comparison equal, Comparison less, Comparison lessOrEqual)
    {
        var anyNaN = format.IsNaN(a) || format.IsNaN(b);
        var anySignaling = format.IsSignalingNaN(a) || format.IsSignalingNaN(b);
        uint flags = 0;
        equal(ref flags);
        Assert.Equal(anySignaling ? Invalid : 0, flags);
        flags = 3;
        less(ref flags);
        Assert.Equal(anyNaN ? Invalid | 3 : 3, flags);
        flags = 0;
        lessOrEqual(ref flags);
        Assert.Equal(anyNaN ? Invalid : 0, flags);
    }

    private static void AssertSame(float expected, float actual) => Assert.Equal(Ieee754.ToBits(expected), Ieee754.ToBits(actual));

    private static void AssertSame(double expected, double actual) => Assert.Equal(Ieee754.ToBits(expected), Ieee754.ToBits(actual));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Opaque(uint bits) => BitConverter.UInt32BitsToSingle(bits);
}
