using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Baseline;

/// <summary>A value of the instruction that is being compiled, not computed yet: it is computed where it is used, in the way that suits its user.</summary>
internal struct Expression
{
    /// <summary>What it is.</summary>
    public ExpressionKind Kind;

    /// <summary>Its type.</summary>
    public ValueType Type;

    /// <summary>The operator or intrinsic.</summary>
    public byte Operator;

    /// <summary>Register file of a guest register.</summary>
    public byte File;

    /// <summary>Number of a guest or host register.</summary>
    public byte Register;

    /// <summary>First operand: its place in the pool.</summary>
    public int A;

    /// <summary>Second operand.</summary>
    public int B;

    /// <summary>Third operand.</summary>
    public int C;

    /// <summary>A constant's bits, extended by its type.</summary>
    public long Bits;
}
