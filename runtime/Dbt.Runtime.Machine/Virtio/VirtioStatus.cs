namespace Dbt.Runtime.Machine.Virtio;

/// <summary>How far a driver has got with its device (virtio 1.2, section 2.1).</summary>
[Flags]
internal enum VirtioStatus : byte
{
    /// <summary>Nothing: after reset.</summary>
    None = 0,

    /// <summary>ACKNOWLEDGE.</summary>
    Acknowledge = 0x01,

    /// <summary>DRIVER.</summary>
    Driver = 0x02,

    /// <summary>DRIVER_OK: the queues are served.</summary>
    DriverOk = 0x04,

    /// <summary>FEATURES_OK: the features are agreed on.</summary>
    FeaturesOk = 0x08,

    /// <summary>DEVICE_NEEDS_RESET: the driver broke the rules, and is not served until it resets the device.</summary>
    NeedsReset = 0x40,

    /// <summary>FAILED: the driver gave up.</summary>
    Failed = 0x80,
}
