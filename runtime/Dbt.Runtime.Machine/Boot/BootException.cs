namespace Dbt.Runtime.Machine.Boot;

/// <summary>A machine cannot be started as wanted; the message says why, for people.</summary>
public sealed class BootException(string message) : Exception(message);
