using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Spec;

/// <summary>
/// An error or warning found in a spec, as a value that generator steps can compare.
/// Ids: DBT1xx lines, fields and encodings; DBT2xx semantics; DBT3xx extensions and the ISA as a whole.
/// </summary>
internal sealed record SpecDiagnostic(string Id, SpecLocation Location, EquatableArray<string> Arguments);
