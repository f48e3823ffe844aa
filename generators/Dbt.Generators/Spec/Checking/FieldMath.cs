using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Spec.Checking;

/// <summary>Arithmetic on fields: which values they have and where these stand in an encoding.</summary>
internal static class FieldMath
{
    public static int Width(this FieldModel field) => field.Pieces.Sum(piece => piece.Width);

    public static bool IsSigned(this FieldModel field) => field.Kind is FieldKind.Signed or FieldKind.Upper;

    public static long Step(this FieldModel field) => 1L << field.Shift;

    /// <summary>Smallest value.</summary>
    public static long Minimum(this FieldModel field) =>
        field.IsSigned() ? -(1L << field.Width() - 1 + field.Shift) : field.RegisterOffset;

    /// <summary>Largest value that the bits can say.</summary>
    public static long BitsMaximum(this FieldModel field) =>
        field.IsSigned()
            ? (1L << field.Width() - 1 + field.Shift) - field.Step()
            : ((1L << field.Width()) - 1 << field.Shift) + field.RegisterOffset;

    /// <summary>Largest value that is allowed: a shift count is below the word's width, a register number below the file's count.</summary>
    public static long Maximum(this FieldModel field, IsaModel isa, VariantModel variant) => field.Kind switch
    {
        FieldKind.Shift => Math.Min(field.BitsMaximum(), variant.WordBits - 1),
        FieldKind.Register => Math.Min(field.BitsMaximum(), isa.RegisterFiles.First(file => file.Name == field.RegisterFile).Count - 1),
        _ => field.BitsMaximum(),
    };

    /// <summary>Where the field's bits stand.</summary>
    public static uint Mask(this FieldModel field) =>
        field.Pieces.Aggregate(0u, (mask, piece) => mask | (uint)((1L << piece.High + 1) - (1L << piece.Low)));

    /// <summary>The encoding bits of a value.</summary>
    public static uint Encode(this FieldModel field, long value)
    {
        var raw = value - field.RegisterOffset >> field.Shift;
        var bits = 0u;
        var left = field.Width();
        foreach (var piece in field.Pieces)
        {
            left -= piece.Width;
            bits |= (uint)((raw >> left & (1L << piece.Width) - 1) << piece.Low);
        }
        return bits;
    }
}
