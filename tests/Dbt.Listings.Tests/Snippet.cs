using System.Buffers.Binary;
using System.Globalization;

namespace Dbt.Listings.Tests;

/// <summary>A few guest instructions with a title.</summary>
/// <param name="Title">What it is.</param>
/// <param name="Code">Encodings.</param>
/// <param name="Text">The instructions as the disassembler prints them.</param>
internal sealed record Snippet(string Title, byte[] Code, IReadOnlyList<string> Text)
{
    private const string TitleMark = "== ";

    /// <summary>Whether its host code counts instructions, as it does for runs with a budget.</summary>
    public bool Counts => Title.EndsWith("(counted)", StringComparison.Ordinal);

    /// <summary>Reads Snippets.txt.</summary>
    public static IEnumerable<Snippet> ReadAll() =>
        from part in File.ReadAllText(Golden.PathOf("Snippets.txt")).ReplaceLineEndings("\n").Split('\n' + TitleMark).Skip(1)
        let lines = part.TrimEnd().Split('\n')
        select new Snippet(lines[0], [.. lines.Skip(1).SelectMany(Encoding)], [.. lines.Skip(1).Select(line => line.Split(' ', 2)[1].Trim())]);

    private static byte[] Encoding(string line)
    {
        var digits = line.Split(' ', 2)[0];
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, uint.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        return bytes[..(digits.Length / 2)];
    }
}
