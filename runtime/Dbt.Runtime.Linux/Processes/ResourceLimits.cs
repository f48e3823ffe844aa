namespace Dbt.Runtime.Linux.Processes;

/// <summary>
/// The guest's resource limits. They are kept for the guest to read back; that of open files is enforced by the file
/// table, and none is passed to the host, where it would hit the runtime.
/// </summary>
internal sealed class ResourceLimits
{
    /// <summary>RLIM_INFINITY.</summary>
    public const ulong Infinity = ulong.MaxValue;

    /// <summary>Number of resources.</summary>
    public const int Count = 16;

    /// <summary>RLIMIT_STACK, RLIMIT_CORE, RLIMIT_NOFILE.</summary>
    public const int Stack = 3, Core = 4, OpenFiles = 7;

    private readonly (ulong Soft, ulong Hard)[] _limits = new (ulong, ulong)[Count];

    /// <summary>The limits of a fresh login on Linux.</summary>
    public ResourceLimits()
    {
        for (var i = 0; i < Count; i++)
            _limits[i] = (Infinity, Infinity);
        _limits[Stack] = (LinuxProcessOptions.StackSize, Infinity);
        _limits[Core] = (0, Infinity);
        _limits[OpenFiles] = (1024, 1 << 20);
    }

    /// <summary>The soft and the hard limit of a resource.</summary>
    public (ulong Soft, ulong Hard) this[int resource]
    {
        get => _limits[resource];
        set => _limits[resource] = value;
    }
}
