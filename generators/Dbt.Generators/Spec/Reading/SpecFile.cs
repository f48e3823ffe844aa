using System.Security.Cryptography;
using System.Text;
using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Spec.Reading;

/// <summary>A spec file, cut into lines without comments; empty lines are left out.</summary>
/// <param name="Path">As the compiler knows it.</param>
/// <param name="Lines">Trimmed.</param>
/// <param name="Hash">SHA-256 of the whole text, in hexadecimal.</param>
internal sealed record SpecFile(string Path, EquatableArray<SpecText> Lines, string Hash)
{
    /// <summary>Whether this is the file that declares the ISA, not one of its extensions.</summary>
    public bool IsIsa => Lines.Any(line => line.FirstWord().Text == "isa");

    public static SpecFile Parse(string path, string text)
    {
        var lines = new List<SpecText>();
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            var comment = raw.IndexOf("//", StringComparison.Ordinal);
            var content = comment < 0 ? raw : raw.Substring(0, comment);
            var line = new SpecText(content, new SpecLocation(path, number++, 0, content.Length)).Trim();
            if (line.Text.Length > 0)
                lines.Add(line);
        }
        using var sha = SHA256.Create();
        var hash = string.Concat(sha.ComputeHash(Encoding.UTF8.GetBytes(text)).Select(b => b.ToString("x2")));
        return new SpecFile(path, new(lines), hash);
    }
}
