namespace Dbt.Fuzz.Harts;

/// <summary>How a <see cref="SharedWord"/> is changed, and so what holds of it.</summary>
internal enum SharedWordKind
{
    /// <summary>Sum of everything, by additions and by reservations.</summary>
    Sum,

    /// <summary>Exclusive or of everything.</summary>
    ExclusiveOr,

    /// <summary>Bits are set.</summary>
    Or,

    /// <summary>Bits are cleared.</summary>
    And,

    /// <summary>Values are swapped in and out.</summary>
    Swap,

    /// <summary>The least.</summary>
    Minimum,

    /// <summary>The greatest.</summary>
    Maximum,

    /// <summary>The least, unsigned.</summary>
    MinimumUnsigned,

    /// <summary>The greatest, unsigned.</summary>
    MaximumUnsigned,

    /// <summary>Numbers are drawn, each once.</summary>
    Ticket,
}
