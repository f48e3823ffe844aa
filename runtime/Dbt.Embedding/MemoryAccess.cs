namespace Dbt.Embedding;

/// <summary>What a guest may do with memory. Write and execute each let it be read, too.</summary>
[Flags]
public enum MemoryAccess
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Loads.</summary>
    Read = 1,

    /// <summary>Loads and stores.</summary>
    Write = 2,

    /// <summary>Loads and instruction fetches.</summary>
    Execute = 4,

    /// <summary>Everything.</summary>
    All = Read | Write | Execute,
}
