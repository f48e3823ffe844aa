namespace Dbt.Generators.Tests;

/// <summary>
/// A file of Specs/: one spec, or several under lines <c>=== path</c>. A comment <c>// ^DBT106</c> expects that error
/// at the place above its caret, in the last line that is no such comment; <c>// ^^DBT106</c> gives the length too.
/// </summary>
internal sealed class SpecCase
{
    private readonly List<(string Path, string Text)> _files = [];
    private readonly List<string> _expected = [];

    private SpecCase()
    {
    }

    public IReadOnlyList<(string Path, string Text)> Files => _files;

    /// <summary>Errors as "id path:line:column", from 1 as compilers print them, sorted.</summary>
    public IReadOnlyList<string> Expected => [.. _expected.Order(StringComparer.Ordinal)];

    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Specs");

    public static SpecCase Load(string name)
    {
        var result = new SpecCase();
        var path = "/specs/toy/case.isa";
        var lines = new List<string>();
        var last = 0;
        foreach (var line in File.ReadLines(Path.Combine(Folder, name + ".isa")))
        {
            if (line.StartsWith("=== ", StringComparison.Ordinal))
            {
                result.Add(path, lines);
                path = "/specs/toy/" + line[4..];
                lines.Clear();
                continue;
            }
            lines.Add(line);
            var caret = line.TrimStart().StartsWith("//", StringComparison.Ordinal) ? line.IndexOf('^') : -1;
            if (caret < 0)
                last = lines.Count;
            else
                result._expected.Add($"{line[caret..].TrimStart('^').Split(' ')[0]} {path}:{(last == 0 ? "1:1" : $"{last}:{caret + 1}")}");
        }
        result.Add(path, lines);
        if (!result._files.Any(file => file.Text.Contains("isa toy")) && !name.StartsWith("DBT301", StringComparison.Ordinal))
            result._files.Insert(0, ("/specs/toy/toy.isa", File.ReadAllText(Path.Combine(Folder, "toy.isa"))));
        return result;
    }

    private void Add(string path, List<string> lines)
    {
        if (lines.Any(line => line.Trim().Length > 0))
            _files.Add((path, string.Join("\n", lines) + "\n"));
    }
}
