namespace Dbt.Runtime.Machine.Block;

/// <summary>A disk image that cannot be used, with the reason and the way out in one line.</summary>
public sealed class DiskException(string message, Exception? inner = null) : Exception(message, inner);
