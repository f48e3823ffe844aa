namespace Dbt.Isa.Disassembly;

/// <summary>A pseudo-instruction: how an operation is printed when all conditions hold.</summary>
internal sealed record AliasFormat(string Template, AliasCondition[] Conditions)
{
    /// <summary>Whether it stands for this instruction.</summary>
    public bool Matches(in Instruction instruction)
    {
        foreach (var condition in Conditions)
        {
            var value = condition.Other is { } other ? instruction[other] : condition.Value;
            if (instruction[condition.Slot] != value)
                return false;
        }
        return true;
    }
}
