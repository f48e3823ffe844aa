namespace Dbt.Isa.Systems;

/// <summary>Why a hart in system mode must stop between two instructions: bits of <see cref="SystemHeader.Attention"/>.</summary>
[Flags]
public enum SystemAttention
{
    /// <summary>No reason.</summary>
    None = 0,

    /// <summary>System state changed: translation, privilege or interrupts may be others now.</summary>
    StateChanged = 1,

    /// <summary>Translations of <see cref="SystemHeader.FenceAddress"/> are to be forgotten.</summary>
    FenceAddress = 2,

    /// <summary>All translations of addresses are to be forgotten.</summary>
    FenceAll = 4,

    /// <summary>Another thread changed interrupt lines, or asks for something that the owner of the hart knows.</summary>
    Requested = 8,
}
