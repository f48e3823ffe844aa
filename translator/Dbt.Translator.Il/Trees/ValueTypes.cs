using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Il.Trees;

/// <summary>Value types as IL has them.</summary>
internal static class ValueTypes
{
    /// <summary>Whether it is an integer of 64 bits.</summary>
    public static bool IsLong(this ValueType type) => type is ValueType.I64 or ValueType.U64;

    /// <summary>The type of an IL local for it.</summary>
    public static Type ToClr(this ValueType type) => type switch
    {
        ValueType.F32 => typeof(float),
        ValueType.F64 => typeof(double),
        ValueType.I64 or ValueType.U64 => typeof(long),
        _ => typeof(int),
    };
}
