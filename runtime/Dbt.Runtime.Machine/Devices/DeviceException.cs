namespace Dbt.Runtime.Machine.Devices;

/// <summary>A device that the host cannot back: a disk image, a port; with the reason and the way out in one line.</summary>
public sealed class DeviceException(string message, Exception? inner = null) : Exception(message, inner);
