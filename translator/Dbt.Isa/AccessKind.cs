namespace Dbt.Isa;

/// <summary>What a faulting access wanted.</summary>
public enum AccessKind
{
    /// <summary>A data load.</summary>
    Read = 0,

    /// <summary>A data store, or a read-modify-write.</summary>
    Write = 1,

    /// <summary>An instruction fetch.</summary>
    Execute = 2,
}
