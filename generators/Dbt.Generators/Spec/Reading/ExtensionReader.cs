using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Spec.Reading;

/// <summary>Reads an extension's file into its model: rows, aliases and CSRs, in the variants of their sections.</summary>
internal sealed class ExtensionReader
{
    private static readonly string[] directives = ["extension", "requires", "implies", "mode", "section", "field", "csr", "guard", "alias"];

    private readonly IsaModel isa;
    private readonly FieldScope scope;
    private readonly DiagnosticBag diagnostics = new();
    private readonly List<RowModel> rows = [];
    private readonly List<AliasModel> aliases = [];
    private readonly List<CsrModel> csrs = [];
    private readonly List<GuardModel> guards = [];
    private bool systemOnly;
    private EquatableArray<string> variants;

    private ExtensionReader(IsaModel isa, FieldScope scope)
    {
        this.isa = isa;
        this.scope = scope;
        variants = new(isa.Variants.Select(variant => variant.Name));
    }

    /// <param name="file">The file.</param>
    /// <param name="isa">What all extensions share.</param>
    /// <param name="head">The file's own head.</param>
    /// <param name="heads">Those of all files.</param>
    public static Result<ExtensionModel> Read(SpecFile file, IsaModel isa, ExtensionHead head, IReadOnlyList<ExtensionHead> heads)
    {
        var reader = new ExtensionReader(isa, new FieldScope(isa, head, heads));
        foreach (var line in file.Lines)
            reader.ReadLine(line);
        var model = new ExtensionModel(
            head.Name,
            head.Status,
            head.Version,
            head.Title,
            new(head.Requires.Select(name => name.Text)),
            new(head.Implies.Select(implication => new ImplicationModel(
                implication.Extension.Text, new(implication.With.Select(name => name.Text)), implication.Variants))),
            new(reader.rows.Select(row => reader.WithUniqueIdentifier(row))),
            new(reader.aliases),
            new(reader.csrs),
            new(reader.guards),
            reader.systemOnly,
            head.Path,
            head.Location);
        return new(model, reader.diagnostics.ToArray());
    }

    private void ReadLine(SpecText line)
    {
        var word = line.FirstWord();
        switch (word.Text)
        {
            case "extension" or "requires" or "implies" or "field":
                break; // the head's
            case "section":
                variants = SectionReader.Read(isa, line.Words().Skip(1), diagnostics);
                break;
            case "csr" when !line.Text.Substring(word.Text.Length).TrimStart().StartsWith("|", StringComparison.Ordinal):
                CsrReader.Read(line, variants, csrs, diagnostics);
                break;
            case "guard":
                CsrReader.ReadGuard(line, variants, guards, diagnostics);
                break;
            case "mode":
                systemOnly = line.Words() is { Count: 2 } mode && mode[1].Text == "system";
                if (!systemOnly)
                    diagnostics.Malformed(line, "mode system");
                break;
            case "alias":
                ReadAlias(line);
                break;
            default:
                if (line.Text.IndexOf('|') >= 0)
                    ReadRow(line);
                else
                    diagnostics.Add("DBT101", word.Location, word.Text, "the file of an extension", string.Join(", ", directives),
                        Suggestion.For(word.Text, directives));
                break;
        }
    }

    // mnemonic[{order}] [over base] | encoding | operands | semantics
    private void ReadRow(SpecText line)
    {
        var columns = line.Columns(4);
        var words = columns[0].Words();
        if (columns.Count != 4 || words.Count is not (1 or 3) || words.Count == 3 && words[1].Text != "over")
        {
            diagnostics.Malformed(line, "MNEMONIC [over BASE] | ENCODING | OPERANDS | SEMANTICS");
            return;
        }
        var mnemonic = words[0];
        SpecText order = default;
        if (mnemonic.Text.IndexOf('{') is > 0 and var brace && mnemonic.Text.EndsWith("}", StringComparison.Ordinal))
        {
            order = mnemonic.Slice(brace + 1, mnemonic.Text.Length - brace - 2);
            mnemonic = mnemonic.Slice(0, brace);
        }
        if (!mnemonic.IsName())
        {
            diagnostics.Malformed(words[0], "a mnemonic of letters, digits, '_' and '.'");
            return;
        }
        if (order.Text != null && scope.Find(order.Text, variants) is not { Kind: FieldKind.Order })
        {
            diagnostics.Add("DBT107", order.Location, order.Text, Suggestion.For(order.Text, scope.Names));
            return;
        }
        var before = diagnostics.ToArray().Count;
        var operands = OperandReader.Read(columns[2], scope, variants, diagnostics);
        var encoding = EncodingReader.Read(columns[1], isa, scope, variants, diagnostics);
        if (encoding == null || diagnostics.ToArray().Count > before)
            return;
        var fields = OrderFields(columns, operands, order.Text ?? "", encoding);
        if (fields == null)
            return;
        if (SlotAssigner.Assign(fields, out var homeless) is not { } slots)
        {
            diagnostics.Add("DBT114", columns[2].Location, mnemonic.Text, homeless!.Name);
            return;
        }
        rows.Add(new RowModel(
            mnemonic.Text,
            order.Text ?? "",
            Identifiers.FromMnemonic(mnemonic.Text),
            words.Count == 3 ? words[2].Text : "",
            encoding.Length,
            encoding.Mask,
            encoding.Match,
            new(fields),
            slots,
            new(operands),
            columns[3],
            variants,
            mnemonic.Location,
            words.Count == 3 ? words[2].Location : default));
    }

    // As operands name them; the order suffix behind those that are printed.
    private List<FieldModel>? OrderFields(
        IReadOnlyList<SpecText> columns, List<OperandModel> operands, string order, EncodingReader encoding)
    {
        var names = operands.Where(operand => operand.Field.Length > 0 && !operand.Hidden).Select(operand => operand.Field).ToList();
        if (order.Length > 0)
            names.Add(order);
        names.AddRange(operands.Where(operand => operand.Field.Length > 0 && operand.Hidden).Select(operand => operand.Field));
        var known = encoding.Fields.ToDictionary(field => field.Name);
        var missing = names.Where(name => !known.ContainsKey(name)).ToArray();
        foreach (var name in missing)
            diagnostics.Add("DBT113", Find(name == order ? columns[0] : columns[2], name), name);
        var unused = known.Keys.Where(name => !names.Contains(name)).ToArray();
        foreach (var name in unused)
            diagnostics.Add("DBT112", Find(columns[1], name), name);
        return missing.Length + unused.Length > 0 ? null : names.Distinct().Select(name => known[name]).ToList();
    }

    private static SpecLocation Find(SpecText column, string name)
    {
        for (var at = 0; (at = column.Text.IndexOf(name, at, StringComparison.Ordinal)) >= 0; at++)
        {
            var end = at + name.Length;
            if ((at == 0 || !char.IsLetterOrDigit(column.Text[at - 1])) && (end == column.Text.Length || !char.IsLetterOrDigit(column.Text[end])))
                return column.At(at, name.Length);
        }
        return column.Location;
    }

    // alias MNEMONIC | BASE [FIELD:VALUE|FIELD:FIELD…] | OPERANDS
    private void ReadAlias(SpecText line)
    {
        var columns = line.Columns(3);
        var words = columns[0].Words();
        var conditions = columns.Count > 1 ? columns[1].Words() : [];
        if (columns.Count != 3 || words.Count != 2 || !words[1].IsName() || conditions.Count == 0)
        {
            diagnostics.Malformed(line, "alias MNEMONIC | BASE [FIELD:VALUE or FIELD:FIELD…] | OPERANDS");
            return;
        }
        var read = new List<AliasCondition>();
        foreach (var condition in conditions.Skip(1))
        {
            var colon = condition.Text.IndexOf(':');
            var value = colon < 0 ? default : condition.Slice(colon + 1);
            if (colon < 1 || !value.TryNumber(out var number) && !value.IsName())
                diagnostics.Malformed(condition, "FIELD:VALUE or FIELD:FIELD");
            else
                read.Add(new AliasCondition(
                    condition.Text.Substring(0, colon), number, value.TryNumber(out _) ? "" : value.Text, condition.Location));
        }
        var operands = OperandReader.Read(columns[2], scope, variants, diagnostics, mayRepeat: true);
        aliases.Add(new AliasModel(
            words[1].Text, conditions[0].Text, conditions[0].Location, new(read), new(operands), variants, words[1].Location));
    }

    private RowModel WithUniqueIdentifier(RowModel row) =>
        rows.Count(other => other.Mnemonic == row.Mnemonic) == 1
            ? row
            : row with { Identifier = row.Identifier + string.Concat(row.Variants.Select(Identifiers.FromMnemonic)) };
}
