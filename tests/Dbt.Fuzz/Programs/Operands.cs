using Dbt.Isa;

namespace Dbt.Fuzz.Programs;

/// <summary>Reads and writes the operands of an <see cref="Instruction"/> by slot and by field.</summary>
internal static class Operands
{
    public static long Get(in Instruction instruction, OperandSlot slot) => slot switch
    {
        OperandSlot.A => instruction.A,
        OperandSlot.B => instruction.B,
        OperandSlot.C => instruction.C,
        OperandSlot.D => instruction.D,
        OperandSlot.E => instruction.E,
        _ => instruction.Immediate,
    };

    public static void Set(ref Instruction instruction, OperandSlot slot, long value)
    {
        switch (slot)
        {
            case OperandSlot.A:
                instruction.A = (byte)value;
                break;
            case OperandSlot.B:
                instruction.B = (byte)value;
                break;
            case OperandSlot.C:
                instruction.C = (byte)value;
                break;
            case OperandSlot.D:
                instruction.D = (byte)value;
                break;
            case OperandSlot.E:
                instruction.E = (byte)value;
                break;
            default:
                instruction.Immediate = value;
                break;
        }
    }

    /// <summary>The value of a field of this kind, or null when the operation has none.</summary>
    public static long? Find(OperationInfo info, in Instruction instruction, string field, string? kind = null)
    {
        foreach (var operand in info.Operands)
            if (operand.Field == field && (kind is null || operand.Kind == kind))
                return Get(instruction, operand.Slot);
        return null;
    }
}
