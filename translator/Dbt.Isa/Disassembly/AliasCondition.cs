namespace Dbt.Isa.Disassembly;

/// <summary>What an alias asks of an operand: a value, or to equal another operand.</summary>
internal readonly record struct AliasCondition(OperandSlot Slot, long Value, OperandSlot? Other = null);
