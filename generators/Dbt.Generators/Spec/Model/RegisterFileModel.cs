namespace Dbt.Generators.Spec.Model;

/// <summary>A register file: a <c>registers</c> line.</summary>
/// <param name="Name">As in field kinds: <c>x</c>.</param>
/// <param name="Count">Number of registers.</param>
/// <param name="Type">C# type of a register in semantics: <c>word</c>, <c>ulong</c>.</param>
/// <param name="ZeroRegister">Number of the register that reads zero; -1 when there is none.</param>
/// <param name="Names">ABI names.</param>
/// <param name="Hot">Numbers of the registers that programs use most: those whose names are marked by a star.</param>
/// <param name="Location">Where its name stands.</param>
internal sealed record RegisterFileModel(
    string Name,
    int Count,
    string Type,
    int ZeroRegister,
    EquatableArray<string> Names,
    EquatableArray<int> Hot,
    SpecLocation Location);
