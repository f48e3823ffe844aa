namespace Dbt.Runtime.Machine.DeviceTree;

/// <summary>32 bits of a property: a number, or a reference to a node, which is written as its phandle.</summary>
internal readonly struct DeviceTreeCell
{
    private DeviceTreeCell(uint value, DeviceTreeNode? target) => (Value, Target) = (value, target);

    /// <summary>The number; 0 for a reference.</summary>
    public uint Value { get; }

    /// <summary>The node that is referred to.</summary>
    public DeviceTreeNode? Target { get; }

    /// <summary>A number.</summary>
    public static implicit operator DeviceTreeCell(uint value) => new(value, null);

    /// <summary>A number.</summary>
    public static implicit operator DeviceTreeCell(int value) => new((uint)value, null);

    /// <summary>A reference.</summary>
    public static implicit operator DeviceTreeCell(DeviceTreeNode target) => new(0, target);
}
