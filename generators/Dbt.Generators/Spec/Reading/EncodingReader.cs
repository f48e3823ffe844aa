using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Spec.Reading;

/// <summary>
/// Reads the encoding column, from the most significant bit down: a run of 0 and 1 stands for itself, the name of a field
/// for as many of the field's bits as follow one another from here.
/// </summary>
internal sealed class EncodingReader
{
    private readonly IsaModel isa;
    private readonly FieldScope scope;
    private readonly EquatableArray<string> variants;
    private readonly DiagnosticBag diagnostics = new();
    private readonly List<FieldModel> fields = [];
    private readonly Dictionary<string, uint> placed = [];

    private EncodingReader(IsaModel isa, FieldScope scope, EquatableArray<string> variants) =>
        (this.isa, this.scope, this.variants) = (isa, scope, variants);

    public int Length { get; private set; }

    public uint Mask { get; private set; }

    public uint Match { get; private set; }

    public IReadOnlyList<FieldModel> Fields => fields;

    /// <summary>The encoding, or null when it is wrong.</summary>
    public static EncodingReader? Read(
        SpecText column, IsaModel isa, FieldScope scope, EquatableArray<string> variants, DiagnosticBag diagnostics)
    {
        var tokens = column.Words();
        var unknown = tokens.Where(token => !IsBits(token) && scope.Find(token.Text, variants) == null).ToArray();
        foreach (var token in unknown)
            diagnostics.Add("DBT106", token.Location, token.Text, Suggestion.For(token.Text, scope.Names));
        if (unknown.Length > 0)
            return null;
        var reader = new EncodingReader(isa, scope, variants);
        reader.Place(column, tokens, reader.LengthOf(tokens));
        foreach (var diagnostic in reader.diagnostics.ToArray())
            diagnostics.Add(diagnostic.Id, diagnostic.Location, diagnostic.Arguments.ToArray());
        return reader.diagnostics.ToArray().Count > 0 ? null : reader;
    }

    private static bool IsBits(SpecText token) => token.Text.All(bit => bit is '0' or '1');

    // The last bits of an encoding decide its length, as they do for the decoder.
    private int LengthOf(IReadOnlyList<SpecText> tokens)
    {
        if (isa.LengthMask == 0)
            return 4;
        var last = tokens.Count > 0 ? tokens[tokens.Count - 1].Text : "";
        var fixedBits = last.Length > 0 && IsBits(tokens[tokens.Count - 1]) && last.Length <= 32 ? last : "";
        var value = fixedBits.Length == 0 ? 0 : Convert.ToUInt32(fixedBits, 2);
        var known = (uint)((1L << fixedBits.Length) - 1);
        return (known & isa.LengthMask) == isa.LengthMask && (value & isa.LengthMask) != isa.LengthMatch ? 2 : 4;
    }

    private void Place(SpecText column, IReadOnlyList<SpecText> tokens, int length)
    {
        Length = length;
        var position = length * 8 - 1;
        foreach (var token in tokens)
        {
            var isBits = IsBits(token);
            var count = isBits ? token.Text.Length : 0;
            if (isBits)
                PlaceBits(token.Text, position);
            else if (PlaceField(token, position) is > 0 and var run)
                count = run;
            else
                return;
            position -= count;
            if (position < -1)
            {
                diagnostics.Add("DBT109", token.Location, (length * 8).ToString(), (-1 - position).ToString());
                return;
            }
        }
        if (position >= 0)
            diagnostics.Add("DBT108", column.Location, position == 0 ? "bit 0 is" : $"bits {position}:0 are", (length * 8).ToString());
        if (position < 0 && (Mask & isa.LengthMask) != isa.LengthMask)
            diagnostics.Add("DBT122", column.Location, length.ToString());
        foreach (var field in fields)
        {
            var missing = FieldMask(field) & ~placed[field.Name];
            if (missing != 0)
                diagnostics.Add("DBT111", column.Location, field.Name, Bits(missing));
        }
    }

    private void PlaceBits(string bits, int position)
    {
        for (var i = 0; i < bits.Length && position - i >= 0; i++)
        {
            Mask |= 1u << position - i;
            Match |= bits[i] == '1' ? 1u << position - i : 0;
        }
    }

    private int PlaceField(SpecText token, int position)
    {
        var field = scope.Find(token.Text, variants)!;
        var mask = FieldMask(field);
        if (position < 0)
        {
            diagnostics.Add("DBT109", token.Location, (Length * 8).ToString(), "some");
            return 0;
        }
        var run = 0;
        var runMask = 0u;
        for (var bit = position; bit >= 0 && (mask >> bit & 1) != 0; bit--, run++)
            runMask |= 1u << bit;
        if (run == 0)
        {
            diagnostics.Add("DBT110", token.Location, field.Name, position.ToString(), Bits(mask));
            return 0;
        }
        if (!placed.ContainsKey(field.Name))
        {
            fields.Add(field);
            placed[field.Name] = 0;
        }
        placed[field.Name] |= runMask;
        return run;
    }

    private static uint FieldMask(FieldModel field) =>
        field.Pieces.Aggregate(0u, (mask, piece) => mask | (uint)((1L << piece.High + 1) - (1L << piece.Low)));

    private static string Bits(uint mask) =>
        string.Join(" ", Enumerable.Range(0, 32).Select(i => 31 - i).Where(bit => (mask >> bit & 1) != 0));
}
