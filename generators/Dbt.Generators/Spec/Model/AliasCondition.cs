namespace Dbt.Generators.Spec.Model;

/// <summary>What an alias asks of a field: a value, or to equal another field.</summary>
internal readonly record struct AliasCondition(string Field, long Value, string OtherField, SpecLocation Location);
