using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Il.Trees;

/// <summary>Widths and kinds of value types.</summary>
internal static class ValueTypes
{
    /// <summary>Bits in a value; a condition counts as 32, which it takes on the evaluation stack.</summary>
    public static int Bits(this ValueType type) => type switch
    {
        ValueType.I8 or ValueType.U8 => 8,
        ValueType.I16 or ValueType.U16 => 16,
        ValueType.I64 or ValueType.U64 or ValueType.F64 => 64,
        _ => 32,
    };

    /// <summary>Whether it is an integer of 64 bits.</summary>
    public static bool IsLong(this ValueType type) => type is ValueType.I64 or ValueType.U64;

    /// <summary>Whether it is an integer with a sign.</summary>
    public static bool IsSigned(this ValueType type) => type is ValueType.I8 or ValueType.I16 or ValueType.I32 or ValueType.I64;

    /// <summary>Whether it is a floating-point number.</summary>
    public static bool IsFloat(this ValueType type) => type is ValueType.F32 or ValueType.F64;

    /// <summary>The type of an IL local for it.</summary>
    public static Type ToClr(this ValueType type) => type switch
    {
        ValueType.F32 => typeof(float),
        ValueType.F64 => typeof(double),
        ValueType.I64 or ValueType.U64 => typeof(long),
        _ => typeof(int),
    };
}
