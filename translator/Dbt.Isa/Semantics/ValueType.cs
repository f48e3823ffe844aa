namespace Dbt.Isa.Semantics;

/// <summary>Type of a value in an instruction's semantics; the widths and signs are those of C#.</summary>
public enum ValueType
{
    /// <summary>No value.</summary>
    Void,

    /// <summary>A condition.</summary>
    Bool,

    /// <summary>8 bits, signed.</summary>
    I8,

    /// <summary>8 bits, unsigned.</summary>
    U8,

    /// <summary>16 bits, signed.</summary>
    I16,

    /// <summary>16 bits, unsigned.</summary>
    U16,

    /// <summary>32 bits, signed.</summary>
    I32,

    /// <summary>32 bits, unsigned.</summary>
    U32,

    /// <summary>64 bits, signed.</summary>
    I64,

    /// <summary>64 bits, unsigned.</summary>
    U64,

    /// <summary>IEEE 754 binary32.</summary>
    F32,

    /// <summary>IEEE 754 binary64.</summary>
    F64,
}
