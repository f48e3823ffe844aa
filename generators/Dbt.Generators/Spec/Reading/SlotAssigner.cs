using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Spec.Reading;

/// <summary>
/// Decides in which slot of an <c>Instruction</c> each field travels: what fits a byte in A to E, in the order of the
/// operands; the one signed or wide field in Immediate.
/// </summary>
internal static class SlotAssigner
{
    private const string SmallSlots = "ABCDE";

    /// <summary>The slots; null when there are too few, with the field that found none.</summary>
    public static EquatableArray<SlotModel>? Assign(IEnumerable<FieldModel> fields, out FieldModel? homeless)
    {
        var slots = new List<SlotModel>();
        var small = 0;
        var wide = false;
        foreach (var field in fields)
        {
            homeless = field;
            if (FitsByte(field))
            {
                if (small == SmallSlots.Length)
                    return null;
                slots.Add(new SlotModel(field.Name, SmallSlots[small++].ToString()));
            }
            else
            {
                if (wide)
                    return null;
                wide = true;
                slots.Add(new SlotModel(field.Name, "Immediate"));
            }
        }
        homeless = null;
        return new(slots);
    }

    private static bool FitsByte(FieldModel field) =>
        field.Kind is not (FieldKind.Signed or FieldKind.Upper or FieldKind.Csr)
        && field.Pieces.Sum(piece => piece.Width) + field.Shift <= 8;
}
