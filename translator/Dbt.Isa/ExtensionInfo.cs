namespace Dbt.Isa;

/// <summary>What is known of one extension, from the head of its spec file.</summary>
/// <param name="Name">As in an ISA string, e.g. <c>Zba</c>.</param>
/// <param name="Index">Bit in an <see cref="ExtensionSet"/>.</param>
/// <param name="Status">How settled it is.</param>
/// <param name="Version">Version or date of the text that was followed.</param>
/// <param name="Title">One line for people.</param>
/// <param name="Requires">Extensions that must be on too.</param>
/// <param name="Implies">Extensions that it switches on in this variant; <c>Zcd with D</c> when D must be on for that.</param>
/// <param name="OperationCount">Number of instructions in its file.</param>
public sealed record ExtensionInfo(
    string Name,
    int Index,
    ExtensionStatus Status,
    string Version,
    string Title,
    IReadOnlyList<string> Requires,
    IReadOnlyList<string> Implies,
    int OperationCount);
