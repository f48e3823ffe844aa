using Dbt.Isa;

namespace Dbt.Fuzz.Programs;

/// <summary>Reads the operands of an <see cref="Instruction"/> by field.</summary>
internal static class Operands
{
    /// <summary>The value of a field of this kind, or null when the operation has none.</summary>
    public static long? Find(OperationInfo info, in Instruction instruction, string field, string? kind = null)
    {
        foreach (var operand in info.Operands)
            if (operand.Field == field && (kind is null || operand.Kind == kind))
                return instruction[operand.Slot];
        return null;
    }
}
