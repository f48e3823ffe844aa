using System.Globalization;
using System.Text;

namespace Dbt.Runtime.Machine.DeviceTree;

/// <summary>Prints a tree as source text (DTS) that dtc reads: references by label, numbers in hexadecimal from 10 on.</summary>
internal sealed class DeviceTreeSource
{
    private readonly StringBuilder _text = new("/dts-v1/;\n\n");

    private DeviceTreeSource()
    {
    }

    /// <summary>The text of a tree.</summary>
    public static string Print(DeviceTreeNode root)
    {
        var source = new DeviceTreeSource();
        source.PrintNode(root, 0);
        return source._text.ToString();
    }

    private void PrintNode(DeviceTreeNode node, int depth)
    {
        Indent(depth).Append(node.Label is null ? "" : node.Label + ": ").Append(node.Name.Length == 0 ? "/" : node.Name).Append(" {\n");
        foreach (var property in node.Properties)
            PrintProperty(property, depth + 1);
        foreach (var (index, child) in node.Children.Index())
        {
            if (index > 0 || node.Properties.Count > 0)
                _text.Append('\n');
            PrintNode(child, depth + 1);
        }
        Indent(depth).Append("};\n");
    }

    private void PrintProperty(DeviceTreeProperty property, int depth)
    {
        Indent(depth).Append(property.Name);
        if (property.Strings.Count > 0)
            _text.Append(" = ").AppendJoin(", ", property.Strings.Select(Quote));
        else if (property.Cells.Count > 0)
            _text.Append(" = ").AppendJoin(Separator(property, depth), property.Cells.Chunk(property.CellsPerRow).Select(row => $"<{string.Join(' ', row.Select(CellText))}>"));
        else if (!property.Bytes.IsEmpty)
            _text.Append(" = [").AppendJoin(' ', property.Bytes.ToArray().Select(value => value.ToString("x2", CultureInfo.InvariantCulture))).Append(']');
        _text.Append(";\n");
    }

    // Rows of a table stand below each other.
    private static string Separator(DeviceTreeProperty property, int depth) =>
        property.Cells.Count == property.CellsPerRow ? "" : ",\n" + new string('\t', depth) + new string(' ', property.Name.Length + " = ".Length);

    private static string CellText(DeviceTreeCell cell)
    {
        if (cell.Target is { } target)
            return "&" + (target.Label ?? throw new InvalidOperationException($"node '{target.Name}' is referred to and has no label"));
        return cell.Value < 10 ? cell.Value.ToString(CultureInfo.InvariantCulture) : "0x" + cell.Value.ToString("x", CultureInfo.InvariantCulture);
    }

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            if (value is (byte)'"' or (byte)'\\')
                quoted.Append('\\').Append((char)value);
            else if (value is >= 0x20 and < 0x7f)
                quoted.Append((char)value);
            else
                quoted.Append("\\x").Append(value.ToString("x2", CultureInfo.InvariantCulture));
        }
        return quoted.Append('"').ToString();
    }

    private StringBuilder Indent(int depth) => _text.Append('\t', depth);
}
