using System.Text;

namespace Dbt.Runtime.Machine.DeviceTree;

/// <summary>Writes a tree as the flattened device tree (DTB) that firmware hands to a kernel: Devicetree Specification 0.4, chapter 5.</summary>
internal sealed class FlattenedTree
{
    private const uint Magic = 0xd00dfeed, Version = 17, LastCompatibleVersion = 16;
    private const uint BeginNode = 1, EndNode = 2, Property = 3, End = 9;
    private const int HeaderSize = 40;

    private readonly BigEndianWriter _structure = new();
    private readonly BigEndianWriter _strings = new();
    private readonly Dictionary<string, uint> _offsets = [];

    private FlattenedTree()
    {
    }

    /// <summary>Writes a tree, and gives a phandle to each node that is referred to and has none.</summary>
    /// <param name="root">The root; its name is empty.</param>
    /// <param name="reserved">Ranges of memory that the kernel may not use.</param>
    /// <param name="bootCpu">The number of the cpu that boots.</param>
    public static byte[] Write(DeviceTreeNode root, IReadOnlyList<(ulong Address, ulong Size)>? reserved = null, uint bootCpu = 0)
    {
        AssignPhandles(root);
        var tree = new FlattenedTree();
        tree.WriteNode(root);
        tree._structure.Write(End);
        return tree.Assemble(reserved ?? [], bootCpu);
    }

    private static void AssignPhandles(DeviceTreeNode root)
    {
        var next = 1u;
        Visit(root, node => next = Math.Max(next, node.Phandle + 1));
        Visit(root, node =>
        {
            foreach (var target in node.Properties.SelectMany(property => property.Cells).Select(cell => cell.Target))
            {
                if (target is { Phandle: 0 })
                    target.Phandle = next++;
            }
        });
    }

    private static void Visit(DeviceTreeNode node, Action<DeviceTreeNode> action)
    {
        action(node);
        foreach (var child in node.Children)
            Visit(child, action);
    }

    private void WriteNode(DeviceTreeNode node)
    {
        _structure.Write(BeginNode);
        _structure.Write(Encoding.ASCII.GetBytes(node.Name + '\0'));
        _structure.Align(sizeof(uint));
        foreach (var property in node.Properties)
            WriteProperty(property);
        if (node.Phandle != 0)
            WriteProperty(DeviceTreeProperty.Table("phandle", [node.Phandle], 1));
        foreach (var child in node.Children)
            WriteNode(child);
        _structure.Write(EndNode);
    }

    private void WriteProperty(DeviceTreeProperty property)
    {
        var value = new BigEndianWriter();
        property.WriteValue(value);
        _structure.Write(Property);
        _structure.Write((uint)value.Length);
        _structure.Write(OffsetOf(property.Name));
        _structure.Write(value.Written);
        _structure.Align(sizeof(uint));
    }

    private uint OffsetOf(string name)
    {
        if (!_offsets.TryGetValue(name, out var offset))
        {
            _offsets[name] = offset = (uint)_strings.Length;
            _strings.Write(Encoding.ASCII.GetBytes(name + '\0'));
        }
        return offset;
    }

    private byte[] Assemble(IReadOnlyList<(ulong Address, ulong Size)> reserved, uint bootCpu)
    {
        var reservations = (reserved.Count + 1) * 2 * sizeof(ulong);
        var structure = HeaderSize + reservations;
        var strings = structure + _structure.Length;
        var tree = new BigEndianWriter();
        tree.Write(Magic);
        tree.Write((uint)(strings + _strings.Length));
        tree.Write((uint)structure);
        tree.Write((uint)strings);
        tree.Write((uint)HeaderSize);
        tree.Write(Version);
        tree.Write(LastCompatibleVersion);
        tree.Write(bootCpu);
        tree.Write((uint)_strings.Length);
        tree.Write((uint)_structure.Length);
        foreach (var (address, size) in reserved)
        {
            tree.Write(address);
            tree.Write(size);
        }
        tree.Write(0ul);
        tree.Write(0ul);
        tree.Write(_structure.Written);
        tree.Write(_strings.Written);
        return tree.Written.ToArray();
    }
}
