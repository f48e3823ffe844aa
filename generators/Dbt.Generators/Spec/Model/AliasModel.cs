namespace Dbt.Generators.Spec.Model;

/// <summary>A pseudo-instruction: how a row is printed when conditions hold.</summary>
internal sealed record AliasModel(
    string Mnemonic,
    string Base,
    SpecLocation BaseLocation,
    EquatableArray<AliasCondition> Conditions,
    EquatableArray<OperandModel> Operands,
    EquatableArray<string> Variants,
    SpecLocation Location);
