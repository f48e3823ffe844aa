namespace Dbt.Semantics.Cases;

/// <summary>An engine did something else than a case says.</summary>
public sealed class SemanticFailureException(string message) : Exception(message);
