using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Printers.Interpreter;

/// <summary>Prints reads and writes of csrs that show a word of system state, by the rules of its fields.</summary>
internal static class CsrViewPrinter
{
    /// <summary>The value of a register.</summary>
    public static string Read(IsaModel isa, CsrViewModel view)
    {
        if (view.State.Text.Length == 0)
            return "0";
        var (state, fields) = Resolve(isa, view);
        var word = CSharpExpressions.State(state);
        if (state.Fields.Count == 0)
            return $"(long){word}";
        var stored = fields.Where(field => field.Rule != StateFieldRule.When).Aggregate(0UL, (mask, field) => mask | field.Mask);
        var value = $"{word} & 0x{stored:x}UL";
        foreach (var field in fields.Where(field => field.Rule == StateFieldRule.When))
        {
            var source = state.Fields.First(other => other.Name == field.Source);
            value += $" | (({word} & 0x{source.Mask:x}UL) == 0x{(ulong)field.Values[0] << source.Low:x}UL ? 0x{1UL << field.Low:x}UL : 0)";
        }
        return $"(long)({value})";
    }

    /// <summary>A write to a register: what each of its fields makes of <c>value</c>.</summary>
    public static void PrintWrite(IsaModel isa, CsrViewModel view, CodeWriter writer)
    {
        if (view.State.Text.Length == 0)
            return;
        var (state, fields) = Resolve(isa, view);
        if (state.Fields.Count == 0)
        {
            CSharpExpressions.PrintAssignment(state, "(ulong)value", writer);
            return;
        }
        var any = fields.Where(field => field.Rule == StateFieldRule.Any).Aggregate(0UL, (mask, field) => mask | field.Mask);
        writer.Open("");
        writer.Line($"var next = {CSharpExpressions.State(state)} & ~0x{any:x}UL | (ulong)value & 0x{any:x}UL;");
        foreach (var field in fields)
        {
            var written = $"(ulong)value >> {field.Low} & 0x{field.Mask >> field.Low:x}UL";
            if (field.Rule == StateFieldRule.In)
            {
                writer.Line($"if (({written}) is {string.Join(" or ", field.Values)})");
                writer.Line($"    next = next & ~0x{field.Mask:x}UL | (ulong)value & 0x{field.Mask:x}UL;");
            }
            else if (field.Rule == StateFieldRule.As)
            {
                var arms = field.Values.Select((value, index) => index == field.Values.Count - 1 ? $"_ => {value}UL" : $"{index} => {value}UL");
                writer.Line($"next = next & ~0x{field.Mask:x}UL | (({written}) switch {{ {string.Join(", ", arms)} }}) << {field.Low};");
            }
        }
        CSharpExpressions.PrintAssignment(state, "next", writer);
        writer.Close();
    }

    private static (StateModel State, IReadOnlyList<StateFieldModel> Fields) Resolve(IsaModel isa, CsrViewModel view)
    {
        var state = isa.States.First(state => state.Name == view.State.Text);
        var names = view.Fields.Select(field => field.Text).ToArray();
        return (state, state.Fields.Where(field => names.Length == 0 || names.Contains(field.Name)).ToArray());
    }
}
