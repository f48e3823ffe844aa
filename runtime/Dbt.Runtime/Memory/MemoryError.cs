namespace Dbt.Runtime.Memory;

/// <summary>
/// Outcome of an operation on guest memory. The values are Linux's errno numbers, and whatever else a host call
/// reports (for a file that cannot be mapped, say) is passed on as its number.
/// </summary>
public enum MemoryError
{
    /// <summary>Done.</summary>
    None = 0,

    /// <summary>EPERM: the file or a seal on it does not allow this.</summary>
    NotPermitted = 1,

    /// <summary>EBADF: not an open file.</summary>
    BadFile = 9,

    /// <summary>ENOMEM: no room in the window, beyond the memory limit, or a range that is not mapped.</summary>
    NoMemory = 12,

    /// <summary>EACCES: the file was not opened for this.</summary>
    AccessDenied = 13,

    /// <summary>EFAULT: a range that is not part of one mapping.</summary>
    Fault = 14,

    /// <summary>EEXIST: something is mapped there.</summary>
    Exists = 17,

    /// <summary>ENODEV: this kind of file cannot be mapped.</summary>
    NoDevice = 19,

    /// <summary>EINVAL: an address that is not a multiple of the page size, a length of zero, contradictory flags.</summary>
    InvalidArgument = 22,
}
