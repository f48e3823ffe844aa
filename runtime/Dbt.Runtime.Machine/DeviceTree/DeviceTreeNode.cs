namespace Dbt.Runtime.Machine.DeviceTree;

/// <summary>A node: properties and children, in the order in which they were added.</summary>
internal sealed class DeviceTreeNode
{
    private readonly List<DeviceTreeProperty> _properties = [];
    private readonly List<DeviceTreeNode> _children = [];

    /// <summary>Creates a node without a parent.</summary>
    public DeviceTreeNode(string name, string? label = null) => (Name, Label) = (name, label);

    /// <summary>The name with the unit address, as in <c>serial@10000000</c>.</summary>
    public string Name { get; }

    /// <summary>What the source calls the node where others refer to it; null for a node that none refers to.</summary>
    public string? Label { get; }

    /// <summary>The number that references are written as; <see cref="FlattenedTree"/> gives it. 0: none yet.</summary>
    public uint Phandle { get; set; }

    /// <summary>The properties, without the phandle.</summary>
    public IReadOnlyList<DeviceTreeProperty> Properties => _properties;

    /// <summary>The children.</summary>
    public IReadOnlyList<DeviceTreeNode> Children => _children;

    /// <summary>Adds a child and returns it.</summary>
    /// <param name="name">The name with the unit address.</param>
    /// <param name="label">What the source calls it.</param>
    public DeviceTreeNode Add(string name, string? label = null)
    {
        var child = new DeviceTreeNode(name, label);
        _children.Add(child);
        return child;
    }

    /// <summary>Adds a child that was made before.</summary>
    public void Add(DeviceTreeNode child) => _children.Add(child);

    /// <summary>Adds a property whose presence is its value, and returns this node.</summary>
    public DeviceTreeNode Flag(string name) => With(DeviceTreeProperty.Flag(name));

    /// <summary>Adds a property of strings, and returns this node.</summary>
    public DeviceTreeNode Text(string name, params IReadOnlyList<string> strings) => With(DeviceTreeProperty.Text(name, strings));

    /// <summary>Adds a property of numbers and references, and returns this node.</summary>
    public DeviceTreeNode Cells(string name, params IReadOnlyList<DeviceTreeCell> cells) => With(DeviceTreeProperty.Table(name, cells, cells.Count));

    /// <summary>Adds a property of rows of numbers and references, and returns this node.</summary>
    public DeviceTreeNode Table(string name, int cellsPerRow, IReadOnlyList<DeviceTreeCell> cells) => With(DeviceTreeProperty.Table(name, cells, cellsPerRow));

    /// <summary>Adds a property of one 64-bit number in two cells, and returns this node.</summary>
    public DeviceTreeNode Wide(string name, ulong value) => Cells(name, (uint)(value >> 32), (uint)value);

    /// <summary>Adds <c>reg</c> with 64-bit addresses and sizes, and returns this node.</summary>
    public DeviceTreeNode Registers(params ReadOnlySpan<(ulong Address, ulong Size)> ranges)
    {
        var cells = new List<DeviceTreeCell>();
        foreach (var (address, size) in ranges)
            cells.AddRange([(uint)(address >> 32), (uint)address, (uint)(size >> 32), (uint)size]);
        return Table("reg", 4, cells);
    }

    /// <summary>Adds a property of bytes, and returns this node.</summary>
    public DeviceTreeNode Blob(string name, ReadOnlyMemory<byte> bytes) => With(DeviceTreeProperty.Blob(name, bytes));

    private DeviceTreeNode With(DeviceTreeProperty property)
    {
        if (_properties.Any(other => other.Name == property.Name))
            throw new ArgumentException($"node '{Name}' already has a property '{property.Name}'");
        _properties.Add(property);
        return this;
    }
}
