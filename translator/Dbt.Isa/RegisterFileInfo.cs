namespace Dbt.Isa;

/// <summary>One register file of a guest.</summary>
/// <param name="Name">As in the spec, e.g. <c>x</c>.</param>
/// <param name="Count">Number of registers.</param>
/// <param name="Width">Bits per register.</param>
/// <param name="Offset">Byte offset of register 0 in the hart's state.</param>
/// <param name="Stride">Bytes from one register to the next in the hart's state.</param>
/// <param name="ZeroRegister">Number of the register that always reads zero; -1 when there is none.</param>
/// <param name="Names">ABI names, by number.</param>
public sealed record RegisterFileInfo(
    string Name,
    int Count,
    int Width,
    int Offset,
    int Stride,
    int ZeroRegister,
    IReadOnlyList<string> Names)
{
    /// <summary>Numbers of the registers that programs use most, for compilers that can keep only some of them in host registers.</summary>
    public IReadOnlyList<int> Hot { get; init; } = [];
}
