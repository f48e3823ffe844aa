using System.Text;

namespace Dbt.Runtime.Machine.DeviceTree;

/// <summary>A property: strings, cells or bytes; a flag has none of them.</summary>
internal sealed class DeviceTreeProperty
{
    private DeviceTreeProperty(string name) => Name = name;

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The strings of a text.</summary>
    public IReadOnlyList<string> Strings { get; private init; } = [];

    /// <summary>The cells of a list of numbers and references.</summary>
    public IReadOnlyList<DeviceTreeCell> Cells { get; private init; } = [];

    /// <summary>How many cells belong together; a printer breaks the line behind them.</summary>
    public int CellsPerRow { get; private init; }

    /// <summary>Bytes without a meaning to the tree.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private init; }

    /// <summary>A property whose presence is its value.</summary>
    public static DeviceTreeProperty Flag(string name) => new(name);

    /// <summary>One string or several.</summary>
    public static DeviceTreeProperty Text(string name, params IReadOnlyList<string> strings) => new(name) { Strings = strings };

    /// <summary>Numbers and references; <paramref name="cellsPerRow"/> of them belong together.</summary>
    public static DeviceTreeProperty Table(string name, IReadOnlyList<DeviceTreeCell> cells, int cellsPerRow) => new(name) { Cells = cells, CellsPerRow = cellsPerRow };

    /// <summary>Bytes.</summary>
    public static DeviceTreeProperty Blob(string name, ReadOnlyMemory<byte> bytes) => new(name) { Bytes = bytes };

    /// <summary>The value as the flattened format has it: strings end in NUL, cells are big-endian.</summary>
    public void WriteValue(BigEndianWriter writer)
    {
        foreach (var text in Strings)
        {
            writer.Write(Encoding.UTF8.GetBytes(text));
            writer.Write((ReadOnlySpan<byte>)[0]);
        }
        foreach (var cell in Cells)
            writer.Write(cell.Target?.Phandle ?? cell.Value);
        writer.Write(Bytes.Span);
    }
}
