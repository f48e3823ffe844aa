using System.Reflection.Emit;
using Dbt.Translator.Semantics;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Il.Emission;

/// <summary>IL's loads and stores by type.</summary>
internal static class MemoryAccess
{
    /// <summary>What loads a value of a type.</summary>
    public static OpCode LoadOf(ValueType type) => type switch
    {
        ValueType.I8 => OpCodes.Ldind_I1,
        ValueType.U8 => OpCodes.Ldind_U1,
        ValueType.I16 => OpCodes.Ldind_I2,
        ValueType.U16 => OpCodes.Ldind_U2,
        ValueType.I32 => OpCodes.Ldind_I4,
        ValueType.U32 => OpCodes.Ldind_U4,
        ValueType.F32 => OpCodes.Ldind_R4,
        ValueType.F64 => OpCodes.Ldind_R8,
        _ => OpCodes.Ldind_I8,
    };

    /// <summary>What stores a value of a type.</summary>
    public static OpCode StoreOf(ValueType type) => type switch
    {
        ValueType.F32 => OpCodes.Stind_R4,
        ValueType.F64 => OpCodes.Stind_R8,
        _ => type.Bits() switch
        {
            8 => OpCodes.Stind_I1,
            16 => OpCodes.Stind_I2,
            32 => OpCodes.Stind_I4,
            _ => OpCodes.Stind_I8,
        },
    };
}
