using Dbt.Isa.FloatingPoint;
using Dbt.Isa.Semantics;
using Dbt.Translator.HostCode.X64;

namespace Dbt.Translator.Baseline;

/// <summary>Constants that emitted floating-point code reads, beside the code. Addresses as they are executed; 16 bytes each, aligned.</summary>
internal sealed unsafe class X64FloatTables
{
    /// <summary>Sticky flags in MXCSR: all but that of a subnormal operand, which guests do not have.</summary>
    public const int MxcsrFlags = 0x3D;

    /// <summary>MXCSR's flag for a result that was rounded.</summary>
    public const int MxcsrInexact = 0x20;

    /// <summary>The greatest of the modes that MXCSR has, too.</summary>
    public const int LastHostRounding = (int)FloatingPointRounding.Up;

    // Exceptions masked, no flags, to nearest; bits 13 and 14 are the direction.
    private const uint MxcsrNearest = 0x1F80, MxcsrDown = 0x3F80, MxcsrUp = 0x5F80, MxcsrTowardZero = 0x7F80;

    // By intrinsic: the least and the greatest number that fits, and into 64 bits with a sign.
    private static readonly double[] s_doubleBounds =
        [int.MinValue, int.MaxValue, 0, uint.MaxValue, long.MinValue, 9223372036854774784, 0, 9223372036854774784];

    private static readonly float[] s_singleBounds =
        [int.MinValue, 2147483520, 0, 4294967040, long.MinValue, 9223371487098961920, 0, 9223371487098961920];

    private readonly X64Assembler _asm;
    private readonly byte* _bounds;

    /// <summary>Writes them.</summary>
    public X64FloatTables(X64Assembler assembler)
    {
        _asm = assembler;
        _asm.Nop(-(int)(nint)_asm.Cursor & 15);
        CanonicalDouble = Add(0x7FF8_0000_0000_0000);
        CanonicalSingle = Add(0xFFFF_FFFF_7FC0_0000);
        SignDouble = Add(1UL << 63);
        SignSingle = Add(1UL << 31);
        MagnitudeDouble = Add(long.MaxValue);
        MagnitudeSingle = Add(~(1UL << 31));
        Box = Add(0xFFFF_FFFF_0000_0000);
        _bounds = _asm.Address;
        foreach (var bound in s_doubleBounds)
            Add(BitConverter.DoubleToUInt64Bits(bound));
        foreach (var bound in s_singleBounds)
            Add(BitConverter.SingleToUInt32Bits(bound));
        Modes = _asm.Address;
        // By rounding mode; those that MXCSR does not have are never used.
        Data(MxcsrNearest | (ulong)MxcsrTowardZero << 32);
        Data(MxcsrDown | (ulong)MxcsrUp << 32);
        Data(MxcsrNearest | (ulong)MxcsrNearest << 32);
        Data(MxcsrNearest | (ulong)MxcsrNearest << 32);
        Flags = _asm.Address;
        for (var host = 0; host < 64; host += 8)
        {
            ulong word = 0;
            for (var i = 0; i < 8; i++)
                word |= (ulong)GuestFlags(host + i) << 8 * i;
            Data(word);
        }
    }

    /// <summary>The NaN that operations deliver.</summary>
    public byte* CanonicalDouble { get; }

    /// <summary>The same for binary32, boxed.</summary>
    public byte* CanonicalSingle { get; }

    /// <summary>The sign's bit.</summary>
    public byte* SignDouble { get; }

    /// <inheritdoc cref="SignDouble"/>
    public byte* SignSingle { get; }

    /// <summary>All bits but the sign's.</summary>
    public byte* MagnitudeDouble { get; }

    /// <inheritdoc cref="MagnitudeDouble"/>
    public byte* MagnitudeSingle { get; }

    /// <summary>What a boxed binary32 has in its upper half; the lower one is 0.</summary>
    public byte* Box { get; }

    /// <summary>MXCSR without flags (4 bytes) for each dynamic rounding mode, 0 to 7.</summary>
    public byte* Modes { get; }

    /// <summary>The guest's flags (1 byte) for each value of MXCSR's low six bits.</summary>
    public byte* Flags { get; }

    /// <summary>What they are called, by address.</summary>
    public Dictionary<ulong, string> Names
    {
        get
        {
            var names = new Dictionary<ulong, string>
            {
                [(ulong)CanonicalDouble] = nameof(CanonicalDouble),
                [(ulong)CanonicalSingle] = nameof(CanonicalSingle),
                [(ulong)SignDouble] = nameof(SignDouble),
                [(ulong)SignSingle] = nameof(SignSingle),
                [(ulong)MagnitudeDouble] = nameof(MagnitudeDouble),
                [(ulong)MagnitudeSingle] = nameof(MagnitudeSingle),
                [(ulong)Box] = nameof(Box),
                [(ulong)Modes] = nameof(Modes),
                [(ulong)Flags] = nameof(Flags),
            };
            for (var i = 0; i < 2 * s_doubleBounds.Length; i++)
                names[(ulong)(_bounds + 16 * i)] = $"Bound{i}";
            return names;
        }
    }

    /// <summary>The least and the greatest number that conversions to an integer can do by the host's instructions for signed ones.</summary>
    public (nint Low, nint High) RangeOf(Intrinsic intrinsic, X64Precision precision)
    {
        var first = _bounds + 16 * (2 * (intrinsic - Intrinsic.FpToInt32) + (precision == X64Precision.Double ? 0 : s_doubleBounds.Length));
        return ((nint)first, (nint)(first + 16));
    }

    private static FloatingPointFlags GuestFlags(int host) =>
        ((host & 1) != 0 ? FloatingPointFlags.Invalid : 0) |
        ((host & 4) != 0 ? FloatingPointFlags.DivideByZero : 0) |
        ((host & 8) != 0 ? FloatingPointFlags.Overflow : 0) |
        ((host & 16) != 0 ? FloatingPointFlags.Underflow : 0) |
        ((host & 32) != 0 ? FloatingPointFlags.Inexact : 0);

    private byte* Add(ulong bits)
    {
        var address = _asm.Address;
        Data(bits);
        Data(0);
        return address;
    }

    private void Data(ulong bits)
    {
        var place = (ulong*)_asm.Cursor;
        _asm.Nop(sizeof(ulong));
        *place = bits;
    }
}
