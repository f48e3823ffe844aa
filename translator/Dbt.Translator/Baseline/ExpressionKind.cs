namespace Dbt.Translator.Baseline;

/// <summary>What an <see cref="Expression"/> is.</summary>
internal enum ExpressionKind : byte
{
    /// <summary>Known bits.</summary>
    Constant,

    /// <summary>A guest register as it is where the expression is evaluated.</summary>
    Guest,

    /// <summary>A value in a scratch register of the host.</summary>
    Host,

    /// <summary>An operator with one operand.</summary>
    Unary,

    /// <summary>An operator with two operands.</summary>
    Binary,

    /// <summary>A conversion between integer types.</summary>
    Convert,

    /// <summary>A choice.</summary>
    Select,

    /// <summary>A load from guest memory that has not happened yet.</summary>
    Load,

    /// <summary>A read-modify-write of guest memory that has not happened yet.</summary>
    Atomic,

    /// <summary>An intrinsic.</summary>
    Call,
}
