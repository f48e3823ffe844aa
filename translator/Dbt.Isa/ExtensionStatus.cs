namespace Dbt.Isa;

/// <summary>How settled an extension is.</summary>
public enum ExtensionStatus
{
    /// <summary>Ratified: will not change.</summary>
    Ratified,

    /// <summary>Frozen, expected to be ratified as it is.</summary>
    Frozen,

    /// <summary>A draft: off unless named, no promise.</summary>
    Draft,

    /// <summary>A vendor's or this project's own.</summary>
    Custom,
}
