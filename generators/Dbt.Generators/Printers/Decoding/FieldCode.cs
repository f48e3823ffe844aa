using Dbt.Generators.Spec.Checking;
using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Printers.Decoding;

/// <summary>C# expressions that take fields out of bits, put them in, and test them.</summary>
internal static class FieldCode
{
    /// <summary>The value of a field of <c>bits</c>, a uint; a long when signed, otherwise a uint.</summary>
    public static string Extract(FieldModel field)
    {
        var width = field.Width();
        if (field.IsSigned())
            return field.Pieces.Count == 1 && field.Pieces[0].High == 31
                ? Shifted($"(long)((int)bits >> {field.Pieces[0].Low})", field.Shift)
                : Shifted($"(long)((int)(({Join(field)}) << {32 - width}) >> {32 - width})", field.Shift);
        var value = Shifted(Join(field), field.Shift);
        return field.RegisterOffset == 0 ? value : $"({value}) + {field.RegisterOffset}";
    }

    /// <summary>The encoding bits of a <c>value</c>, a long.</summary>
    public static string Insert(FieldModel field)
    {
        var left = field.Width();
        var raw = field.RegisterOffset == 0 ? "value" : $"(value - {field.RegisterOffset})";
        var parts = new List<string>();
        foreach (var piece in field.Pieces)
        {
            left -= piece.Width;
            parts.Add($"((uint)({raw} >> {left + field.Shift}) & 0x{(1L << piece.Width) - 1:x}u) << {piece.Low}");
        }
        return string.Join(" | ", parts);
    }

    /// <summary>Conditions on <c>bits</c> for the field's value to be allowed in a variant, beyond those that its width makes true.</summary>
    public static IEnumerable<string> Conditions(IsaModel isa, VariantModel variant, FieldModel field)
    {
        foreach (var value in field.Excluded)
            yield return $"(bits & {Names.Hex(field.Mask())}) != {Names.Hex(field.Encode(value))}";
        if (field.Maximum(isa, variant) is var maximum && maximum < field.BitsMaximum())
            yield return $"({Extract(field)}) <= {maximum}";
    }

    private static string Shifted(string value, int shift) => shift == 0 ? value : $"({value}) << {shift}";

    // The pieces next to one another, the last at bit 0.
    private static string Join(FieldModel field)
    {
        var left = field.Width();
        var parts = new List<string>();
        foreach (var piece in field.Pieces)
        {
            left -= piece.Width;
            var mask = (1L << piece.Width) - 1 << left;
            var distance = piece.Low - left;
            var moved = distance == 0 ? "bits" : distance > 0 ? $"bits >> {distance}" : $"bits << {-distance}";
            parts.Add($"{moved} & 0x{mask:x}u");
        }
        return parts.Count == 1 ? parts[0] : string.Join(" | ", parts);
    }
}
