namespace Dbt.Generators.Spec.Model;

/// <summary>In which slot of <c>Dbt.Isa.Instruction</c> (A to E, Immediate) a row carries a field.</summary>
internal readonly record struct SlotModel(string Field, string Slot);
