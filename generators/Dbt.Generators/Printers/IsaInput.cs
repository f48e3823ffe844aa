using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Printers;

/// <summary>What a printer may look at for the whole ISA.</summary>
/// <param name="Isa">What all extensions share.</param>
/// <param name="Extensions">All extensions, in the order of their index.</param>
/// <param name="Fragments">The printer's own fragments, in the same order.</param>
/// <param name="Fingerprint">Hash of all spec texts and of the generator, in hexadecimal.</param>
internal sealed record IsaInput(
    IsaModel Isa,
    EquatableArray<ExtensionModel> Extensions,
    EquatableArray<Fragment> Fragments,
    string Fingerprint);
