using System.Globalization;
using Dbt.Cli.Errors;

namespace Dbt.Cli.Arguments;

/// <summary>Numbers as people type them.</summary>
internal static class HexWords
{
    /// <summary>Whether a word is hexadecimal: digits with or without <c>0x</c>, at most eight.</summary>
    public static bool TryParse(string word, out uint value) =>
        uint.TryParse(WithoutPrefix(word), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);

    /// <summary>The bytes, in little-endian order, of words with up to four digits (two bytes) or more (four bytes).</summary>
    /// <exception cref="UserException">A word is not hexadecimal.</exception>
    public static byte[] ToBytes(IEnumerable<string> words)
    {
        var bytes = new List<byte>();
        foreach (var word in words)
        {
            if (!TryParse(word, out var value))
                throw UserException.Usage($"'{word}' is neither a file nor a hexadecimal word of up to 8 digits", "for example 'dbt disasm 00a50513 4501'");
            var size = WithoutPrefix(word).Length <= 4 ? 2 : 4;
            for (var i = 0; i < size; i++)
                bytes.Add((byte)(value >> 8 * i));
        }
        return [.. bytes];
    }

    /// <summary>An address: hexadecimal, with or without <c>0x</c>.</summary>
    public static bool TryParseAddress(string text, out ulong address) =>
        ulong.TryParse(WithoutPrefix(text), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out address);

    private static ReadOnlySpan<char> WithoutPrefix(string word) =>
        word.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? word.AsSpan(2) : word;
}
