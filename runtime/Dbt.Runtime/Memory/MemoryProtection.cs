namespace Dbt.Runtime.Memory;

/// <summary>
/// What a guest may do with a page. As on most hosts, Write and Execute each let the page be read as well;
/// the values are those of PROT_READ, PROT_WRITE and PROT_EXEC.
/// </summary>
[Flags]
public enum MemoryProtection
{
    /// <summary>No access at all.</summary>
    None = 0,

    /// <summary>Loads.</summary>
    Read = 1,

    /// <summary>Stores.</summary>
    Write = 2,

    /// <summary>Instruction fetches. Known to the software only: host pages are never executable.</summary>
    Execute = 4,

    /// <summary>Loads and stores.</summary>
    ReadWrite = Read | Write,

    /// <summary>Loads and fetches.</summary>
    ReadExecute = Read | Execute,

    /// <summary>Everything.</summary>
    All = Read | Write | Execute,
}
