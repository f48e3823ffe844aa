namespace Dbt.Embedding;

/// <summary>What a guest did wrong. Later versions may have more.</summary>
public enum FaultKind
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>An access that the memory does not allow.</summary>
    Memory = 1,

    /// <summary>An instruction that there is not.</summary>
    IllegalInstruction = 2,

    /// <summary>An address with an alignment that is not allowed.</summary>
    Misaligned = 3,
}
