namespace Dbt.Runtime.Memory;

/// <summary>How <see cref="GuestMemory.Map"/> and <see cref="GuestMemory.MapFile"/> choose the place and share the pages.</summary>
[Flags]
public enum MapFlags
{
    /// <summary>Private pages; the address is a hint.</summary>
    None = 0,

    /// <summary>Stores are seen by everybody who maps the same file, and by forked children.</summary>
    Shared = 1,

    /// <summary>Exactly at the address; whatever is mapped there is replaced.</summary>
    Fixed = 2,

    /// <summary>Exactly at the address; fails with <see cref="MemoryError.Exists"/> when anything is mapped there.</summary>
    FixedNoReplace = 4,
}
