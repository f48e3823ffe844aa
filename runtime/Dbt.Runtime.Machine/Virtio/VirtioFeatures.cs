namespace Dbt.Runtime.Machine.Virtio;

/// <summary>Feature bits that every device type shares (virtio 1.2, chapter 6).</summary>
internal static class VirtioFeatures
{
    /// <summary>VIRTIO_F_INDIRECT_DESC: a descriptor may refer to a table of descriptors.</summary>
    public const ulong IndirectDescriptors = 1UL << 28;

    /// <summary>VIRTIO_F_EVENT_IDX: both sides say behind which entry they want to hear of more.</summary>
    public const ulong EventIndex = 1UL << 29;

    /// <summary>VIRTIO_F_VERSION_1: the driver follows version 1 of the specification. Others are not served.</summary>
    public const ulong Version1 = 1UL << 32;
}
