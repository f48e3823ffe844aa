using System.Text;
using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Printers.Text;

/// <summary>Prints the reference page: Markdown with a table of instructions for each extension.</summary>
internal sealed class ReferencePrinter : IPrinter
{
    public string Name => "reference";

    public Fragment PrintExtension(ExtensionInput input)
    {
        var extension = input.Extension;
        var page = new StringBuilder();
        page.Append($"## {extension.Name}: {extension.Title}\n\n{extension.Status} {extension.Version}");
        if (extension.Requires.Count > 0)
            page.Append($", requires {string.Join(", ", extension.Requires)}");
        if (extension.Implies.Count > 0)
            page.Append($", implies {string.Join(", ", extension.Implies.Select(implication => implication.Extension).Distinct())}");
        page.Append($". Source: `{Names.ShortPath(input.Isa, extension.Path)}`.\n");
        if (extension.Rows.Count > 0)
            page.Append("\n| Instruction | Operands | Bits | Variants | Does |\n|---|---|---|---|---|\n");
        foreach (var row in extension.Rows)
        {
            var operands = string.Concat(row.Operands.Where(operand => !operand.Hidden).Select(operand =>
                operand.Literal + (operand.PcRelative ? "pc+" : "") + operand.Field)).Replace(",", ", ");
            page.Append($"| `{row.Mnemonic}` | {Code(operands)} | `{Bits(row)}` | {string.Join(", ", row.Variants)} | {Code(row.Semantics.Text)} |\n");
        }
        if (extension.Aliases.Count > 0)
            page.Append("\nPseudo-instructions: ").Append(string.Join(", ", extension.Aliases.Select(alias => $"`{alias.Mnemonic}` ({alias.Base})").Distinct())).Append(".\n");
        if (extension.Csrs.Count > 0)
            page.Append("\nCSRs: ").Append(string.Join(", ", extension.Csrs.Select(csr => $"`{csr.Name}` (0x{csr.Number:x3})"))).Append(".\n");
        return new(default, new([page.ToString()]), default);
    }

    public IEnumerable<PrintedFile> PrintIsa(IsaInput input)
    {
        var page = new StringBuilder($"# {input.Isa.Title} reference\n\n| Extension | Status | Version | Title | Instructions |\n|---|---|---|---|---|\n");
        foreach (var extension in input.Extensions)
            page.Append($"| {extension.Name} | {extension.Status} | {extension.Version} | {extension.Title} | {extension.Rows.Count} |\n");
        foreach (var fragment in input.Fragments)
            page.Append('\n').Append(fragment.Parts[0]);
        var writer = CodeWriter.File(Names.Namespace(input.Isa));
        foreach (var variant in input.Isa.Variants)
        {
            writer.Open($"public sealed unsafe partial class {Names.Class(input.Isa, variant)}");
            writer.Line("/// <inheritdoc/>");
            writer.Line($"public override string ReferencePage => {Names.Of(input.Isa)}Reference.Page;");
            writer.Close();
            writer.Line();
        }
        writer.Open($"internal static class {Names.Of(input.Isa)}Reference");
        writer.Line($"public const string Page = {Names.Literal(page.ToString())};");
        writer.Close();
        yield return new($"{Names.Of(input.Isa)}.Reference.g.cs", writer.ToString());
    }

    private static string Code(string text) => text.Length == 0 ? "" : $"`{text.Replace("|", "\\|")}`";

    // One character a bit; x where a field stands.
    private static string Bits(RowModel row) =>
        string.Concat(Enumerable.Range(0, row.Length * 8).Reverse().Select(bit =>
            (row.Mask >> bit & 1) == 0 ? 'x' : (row.Match >> bit & 1) == 0 ? '0' : '1'));
}
