namespace Dbt.Runtime.Machine.Snapshots;

/// <summary>A snapshot that cannot be written or used, with the reason in one line. Nothing of it has been taken up.</summary>
public sealed class SnapshotException(string message, Exception? inner = null) : Exception(message, inner);
