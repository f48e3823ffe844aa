namespace Dbt.Translator.HostCode.X64;

/// <summary>A condition of jcc, setcc and cmovcc by its number in encodings (Intel SDM vol. 1, appendix B). The lowest bit negates.</summary>
internal enum X64Condition : byte
{
    /// <summary>OF.</summary>
    Overflow,

    /// <summary>Not OF.</summary>
    NoOverflow,

    /// <summary>Unsigned less; CF.</summary>
    Below,

    /// <summary>Unsigned not less; not CF.</summary>
    AboveOrEqual,

    /// <summary>ZF.</summary>
    Equal,

    /// <summary>Not ZF.</summary>
    NotEqual,

    /// <summary>Unsigned not greater; CF or ZF.</summary>
    BelowOrEqual,

    /// <summary>Unsigned greater.</summary>
    Above,

    /// <summary>SF.</summary>
    Sign,

    /// <summary>Not SF.</summary>
    NoSign,

    /// <summary>PF: after a floating-point comparison, an operand was a NaN.</summary>
    Parity,

    /// <summary>Not PF.</summary>
    NoParity,

    /// <summary>Signed less.</summary>
    Less,

    /// <summary>Signed not less.</summary>
    GreaterOrEqual,

    /// <summary>Signed not greater.</summary>
    LessOrEqual,

    /// <summary>Signed greater.</summary>
    Greater,
}
