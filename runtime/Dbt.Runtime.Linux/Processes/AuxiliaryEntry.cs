namespace Dbt.Runtime.Linux.Processes;

/// <summary>Types of entries in the auxiliary vector (include/uapi/linux/auxvec.h).</summary>
internal enum AuxiliaryEntry : ulong
{
    /// <summary>AT_NULL.</summary>
    End = 0,

    /// <summary>AT_PHDR.</summary>
    ProgramHeaders = 3,

    /// <summary>AT_PHENT.</summary>
    ProgramHeaderSize = 4,

    /// <summary>AT_PHNUM.</summary>
    ProgramHeaderCount = 5,

    /// <summary>AT_PAGESZ.</summary>
    PageSize = 6,

    /// <summary>AT_BASE.</summary>
    InterpreterBase = 7,

    /// <summary>AT_FLAGS.</summary>
    Flags = 8,

    /// <summary>AT_ENTRY.</summary>
    Entry = 9,

    /// <summary>AT_UID.</summary>
    User = 11,

    /// <summary>AT_EUID.</summary>
    EffectiveUser = 12,

    /// <summary>AT_GID.</summary>
    Group = 13,

    /// <summary>AT_EGID.</summary>
    EffectiveGroup = 14,

    /// <summary>AT_HWCAP.</summary>
    HardwareCapabilities = 16,

    /// <summary>AT_CLKTCK.</summary>
    ClockTicks = 17,

    /// <summary>AT_SECURE.</summary>
    Secure = 23,

    /// <summary>AT_RANDOM.</summary>
    Random = 25,

    /// <summary>AT_EXECFN.</summary>
    ExecutedPath = 31,
}
