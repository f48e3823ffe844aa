namespace Dbt.Runtime.Memory;

/// <summary>How <see cref="GuestMemory.Remap"/> may place the result.</summary>
[Flags]
public enum RemapFlags
{
    /// <summary>Shrink or grow in place, or fail.</summary>
    None = 0,

    /// <summary>Move when there is no room to grow.</summary>
    MayMove = 1,

    /// <summary>Move to the given address and replace what is mapped there; needs <see cref="MayMove"/>.</summary>
    Fixed = 2,
}
