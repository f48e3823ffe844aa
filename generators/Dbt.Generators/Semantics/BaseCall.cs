using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics;

/// <summary>A compressed row's call of the row that it stands for.</summary>
internal sealed record BaseCall(RowModel Row, IReadOnlyList<BaseArgument> Arguments);
