using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary><c>fenceTranslations(anyAddress, address, anySpace, space)</c>: later accesses see earlier changes of page tables.</summary>
internal sealed record TranslationFence(SpecLocation Location, Expression AnyAddress, Expression Address, Expression AnySpace, Expression Space)
    : Statement(Location);
