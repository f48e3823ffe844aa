using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Spec.Reading;

/// <summary>
/// Reads an operands column: fields, register names and punctuation as they are printed (without blanks);
/// <c>pc+field</c> for an address; fields in braces are carried but not printed.
/// </summary>
internal static class OperandReader
{
    public static List<OperandModel> Read(
        SpecText column, FieldScope scope, EquatableArray<string> variants, DiagnosticBag diagnostics, bool mayRepeat = false)
    {
        var operands = new List<OperandModel>();
        var named = new HashSet<string>();
        var hidden = false;
        var at = 0;
        while (at < column.Text.Length)
        {
            var c = column.Text[at];
            if (c is '{' or '}')
            {
                hidden = c == '{';
                at++;
            }
            else if (char.IsLetter(c))
            {
                var name = NameAt(column, at);
                at += name.Text.Length;
                var relative = name.Text == "pc" && at < column.Text.Length && column.Text[at] == '+';
                if (relative)
                {
                    name = NameAt(column, at + 1);
                    at += 1 + name.Text.Length;
                }
                if (scope.Find(name.Text, variants) != null)
                {
                    if (!named.Add(name.Text) && !mayRepeat)
                        diagnostics.Add("DBT123", name.Location, name.Text);
                    operands.Add(new OperandModel("", name.Text, relative, hidden));
                }
                else if (!relative && scope.IsRegister(name.Text))
                    operands.Add(new OperandModel(name.Text, "", false, hidden));
                else
                    diagnostics.Add("DBT107", name.Location, name.Text, Suggestion.For(name.Text, scope.Names.Concat(scope.Registers)));
            }
            else
            {
                if (!char.IsWhiteSpace(c) && !hidden)
                    operands.Add(new OperandModel(c.ToString(), "", false, false));
                at++;
            }
        }
        return operands;
    }

    private static SpecText NameAt(SpecText column, int start)
    {
        var end = start;
        while (end < column.Text.Length && (char.IsLetterOrDigit(column.Text[end]) || column.Text[end] is '_' or '.'))
            end++;
        return column.Slice(start, end - start);
    }
}
