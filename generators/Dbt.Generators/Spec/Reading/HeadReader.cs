using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Spec.Reading;

/// <summary>Reads what other files may depend on: the extension line, requires, implies and fields.</summary>
internal static class HeadReader
{
    private static readonly string[] statuses = ["ratified", "frozen", "draft", "custom"];

    public static Result<ExtensionHead> Read(SpecFile file, IsaModel isa)
    {
        var diagnostics = new DiagnosticBag();
        ExtensionHead? head = null;
        var requires = new List<SpecText>();
        var implies = new List<ImplicationSyntax>();
        var fields = new List<ScopedField>();
        var variants = new EquatableArray<string>(isa.Variants.Select(variant => variant.Name));
        foreach (var line in file.Lines)
        {
            if (line.Text.IndexOf('|') >= 0)
                continue;
            var words = line.Words();
            switch (words[0].Text)
            {
                case "extension" when head != null:
                    diagnostics.Malformed(line, "one extension line per file");
                    break;
                case "extension":
                    head = ReadExtension(line, words, file.Path, IsInDraftFolder(file.Path, isa.Path), diagnostics);
                    break;
                case "requires":
                    requires.AddRange(words.Skip(1));
                    break;
                case "implies":
                    ReadImplies(line, words, isa, implies, diagnostics);
                    break;
                case "section":
                    // An unknown name is reported where the section's rows are read.
                    variants = SectionReader.Read(isa, words.Skip(1), new DiagnosticBag());
                    break;
                case "field" when FieldReader.Read(line, isa.RegisterFiles, diagnostics) is { } field:
                    AddField(new ScopedField(field, variants), fields, isa, diagnostics);
                    break;
            }
        }
        if (head == null && diagnostics.ToArray().Count == 0)
            diagnostics.Malformed(
                file.Lines.Count > 0 ? file.Lines[0] : new SpecText("", new SpecLocation(file.Path, 0, 0, 0)),
                "a file that opens with: extension NAME ratified|frozen|draft|custom \"VERSION\" \"TITLE\"");
        head = head == null ? null : head with { Requires = new(requires), Implies = new(implies), Fields = new(fields) };
        return new(head, diagnostics.ToArray());
    }

    private static ExtensionHead? ReadExtension(
        SpecText line, IReadOnlyList<SpecText> words, string path, bool inDraftFolder, DiagnosticBag diagnostics)
    {
        if (words.Count != 5 || !words[1].IsName())
        {
            diagnostics.Malformed(line, "extension NAME ratified|frozen|draft|custom \"VERSION\" \"TITLE\"");
            return null;
        }
        if (!statuses.Contains(words[2].Text))
        {
            diagnostics.Add("DBT308", words[2].Location, words[2].Text, string.Join(", ", statuses), Suggestion.For(words[2].Text, statuses));
            return null;
        }
        var isDraft = words[2].Text == "draft";
        if (isDraft != inDraftFolder)
            diagnostics.Add("DBT307", words[2].Location, words[1].Text,
                isDraft ? "is a draft, but its file is not in the folder draft" : "is no draft, but its file is in the folder draft");
        return new ExtensionHead(
            words[1].Text, words[2].Text, words[3].Text, words[4].Text, default, default, default, path, words[1].Location);
    }

    // The folder below that of the ISA's file: what a repository is called that holds them does not matter.
    private static bool IsInDraftFolder(string path, string isaPath)
    {
        var normal = path.Replace('\\', '/');
        var root = isaPath.Replace('\\', '/');
        root = root.Substring(0, root.LastIndexOf('/') + 1);
        return normal.StartsWith(root, StringComparison.Ordinal) && ("/" + normal.Substring(root.Length)).Contains("/draft/");
    }

    // implies X Y [with Z…] [on VARIANT…]
    private static void ReadImplies(
        SpecText line, IReadOnlyList<SpecText> words, IsaModel isa, List<ImplicationSyntax> implies, DiagnosticBag diagnostics)
    {
        var on = words.Select(word => word.Text).ToList().IndexOf("on");
        var end = on < 0 ? words.Count : on;
        var with = words.Take(end).Select(word => word.Text).ToList().IndexOf("with");
        var namesEnd = with < 0 ? end : with;
        if (namesEnd < 2 || with == end - 1 || on == words.Count - 1)
        {
            diagnostics.Malformed(line, "implies EXTENSION… [with EXTENSION…] [on VARIANT…]");
            return;
        }
        var conditions = with < 0 ? default : new EquatableArray<SpecText>(words.Take(end).Skip(with + 1));
        var variants = SectionReader.Read(isa, words.Skip(on < 0 ? words.Count : on + 1), diagnostics);
        implies.AddRange(words.Take(namesEnd).Skip(1).Select(name => new ImplicationSyntax(name, conditions, variants)));
    }

    private static void AddField(ScopedField field, List<ScopedField> fields, IsaModel isa, DiagnosticBag diagnostics)
    {
        var name = field.Field.Name;
        if (isa.Fields.Any(other => other.Name == name))
            diagnostics.Add("DBT105", field.Field.Location, name, "the ISA's file");
        else if (fields.Any(other => other.Field.Name == name && other.Variants.Intersect(field.Variants).Any()))
            diagnostics.Add("DBT105", field.Field.Location, name, "this file");
        else
            fields.Add(field);
    }
}
