namespace Dbt.Runtime.Machine.Virtio;

/// <summary>How a device reaches its driver. Safe from any thread.</summary>
internal interface IVirtioTransport
{
    /// <summary>Says that buffers of a queue were used.</summary>
    void InterruptQueue(int queue);

    /// <summary>Says that the configuration, or the status, changed.</summary>
    void InterruptConfiguration();
}
