using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Printers;

/// <summary>What a printer may look at for one extension; all that its fragment may depend on.</summary>
/// <param name="Isa">What all extensions share.</param>
/// <param name="Extension">The extension.</param>
/// <param name="Called">Rows of any extension that semantics of this one may call, as compressed rows call their base rows.</param>
internal sealed record ExtensionInput(IsaModel Isa, ExtensionModel Extension, EquatableArray<RowModel> Called);
