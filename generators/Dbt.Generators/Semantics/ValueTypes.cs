namespace Dbt.Generators.Semantics;

/// <summary>What C# says of the types that semantics may use.</summary>
internal static class ValueTypes
{
    /// <summary>The type that a name stands for on a variant; null when there is none.</summary>
    public static ValueType? FromName(string name, int wordBits) => name switch
    {
        "bool" => ValueType.Bool,
        "sbyte" => ValueType.I8,
        "byte" => ValueType.U8,
        "short" => ValueType.I16,
        "ushort" => ValueType.U16,
        "int" => ValueType.I32,
        "uint" => ValueType.U32,
        "long" => ValueType.I64,
        "ulong" => ValueType.U64,
        "float" => ValueType.F32,
        "double" => ValueType.F64,
        "word" => Word(wordBits),
        "uword" => UnsignedWord(wordBits),
        _ => null,
    };

    /// <summary>Every name that <see cref="FromName"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["bool", "sbyte", "byte", "short", "ushort", "int", "uint", "long", "ulong", "float", "double", "word", "uword"];

    /// <summary>The signed type as wide as a register.</summary>
    public static ValueType Word(int wordBits) => wordBits == 32 ? ValueType.I32 : ValueType.I64;

    /// <summary>The unsigned type as wide as a register.</summary>
    public static ValueType UnsignedWord(int wordBits) => wordBits == 32 ? ValueType.U32 : ValueType.U64;

    /// <summary>The C# keyword.</summary>
    public static string Name(this ValueType type) => type switch
    {
        ValueType.Void => "void",
        ValueType.Bool => "bool",
        ValueType.I8 => "sbyte",
        ValueType.U8 => "byte",
        ValueType.I16 => "short",
        ValueType.U16 => "ushort",
        ValueType.I32 => "int",
        ValueType.U32 => "uint",
        ValueType.I64 => "long",
        ValueType.U64 => "ulong",
        ValueType.F32 => "float",
        _ => "double",
    };

    public static bool IsInteger(this ValueType type) => type is >= ValueType.I8 and <= ValueType.U64;

    public static bool IsFloat(this ValueType type) => type is ValueType.F32 or ValueType.F64;

    public static bool IsSigned(this ValueType type) =>
        type is ValueType.I8 or ValueType.I16 or ValueType.I32 or ValueType.I64;

    /// <summary>Bits in a value.</summary>
    public static int Width(this ValueType type) => type switch
    {
        ValueType.I8 or ValueType.U8 => 8,
        ValueType.I16 or ValueType.U16 => 16,
        ValueType.I32 or ValueType.U32 or ValueType.F32 => 32,
        ValueType.Bool => 1,
        _ => 64,
    };

    /// <summary>Whether C# converts without a cast, constants aside.</summary>
    public static bool IsImplicit(ValueType from, ValueType to)
    {
        if (from == to)
            return true;
        if (!from.IsInteger() || !to.IsInteger() || from.Width() >= to.Width())
            return false;
        return to.IsSigned() || !from.IsSigned();
    }

    /// <summary>Cuts bits to a type and extends them by its sign.</summary>
    public static long Normalize(this ValueType type, long bits) => type switch
    {
        ValueType.Bool => bits & 1,
        ValueType.I8 => unchecked((sbyte)bits),
        ValueType.U8 => unchecked((byte)bits),
        ValueType.I16 => unchecked((short)bits),
        ValueType.U16 => unchecked((ushort)bits),
        ValueType.I32 => unchecked((int)bits),
        ValueType.U32 => unchecked((uint)bits),
        _ => bits,
    };

    /// <summary>Whether the value of a constant of one type exists in another.</summary>
    public static bool Fits(ValueType from, long bits, ValueType to)
    {
        if (from == ValueType.U64 && bits < 0)
            return to == ValueType.U64;
        return to == ValueType.U64 ? bits >= 0 : to.Normalize(bits) == bits;
    }
}
