namespace Dbt.Runtime.Elf;

/// <summary>A name for an address.</summary>
/// <param name="Name">As in the file.</param>
/// <param name="Address">Virtual address, without load bias.</param>
/// <param name="Size">Bytes; 0 when the file does not say.</param>
/// <param name="IsFunction">Whether it is said to be code.</param>
/// <param name="IsGlobal">Whether other files can see it.</param>
public sealed record ElfSymbol(string Name, ulong Address, ulong Size, bool IsFunction, bool IsGlobal)
{
    /// <summary>An address of it, for people: <c>name</c>, or <c>name+0x12</c>.</summary>
    /// <param name="address">Virtual address, without load bias, not below <see cref="Address"/>.</param>
    public string Describe(ulong address) => address == Address ? Name : $"{Name}+0x{address - Address:x}";
}
