namespace Dbt.Runtime.Linux.Host;

/// <summary>Flags of openat and its relatives: asm-generic values, which x86-64 and riscv64 both use.</summary>
internal static class OpenFlags
{
    public const int WriteOnly = 1, ReadWrite = 2;
    public const int Create = 0x40, Exclusive = 0x80, NonBlocking = 0x800;
    public const int Directory = 0x10000, NoFollow = 0x20000, CloseOnExec = 0x80000, PathOnly = 0x200000;

    /// <summary>AT_FDCWD.</summary>
    public const int CurrentDirectory = -100;

    /// <summary>AT_SYMLINK_NOFOLLOW.</summary>
    public const int AtNoFollow = 0x100;

    /// <summary>AT_SYMLINK_FOLLOW, of linkat.</summary>
    public const int AtFollow = 0x400;

    /// <summary>AT_EMPTY_PATH.</summary>
    public const int AtEmptyPath = 0x1000;
}
