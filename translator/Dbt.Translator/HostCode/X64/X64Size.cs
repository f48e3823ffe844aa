namespace Dbt.Translator.HostCode.X64;

/// <summary>Size of an instruction's operands. The values are what the size changes in an opcode, see <see cref="X64Opcode"/>.</summary>
internal enum X64Size : uint
{
    /// <summary>8 bits; the rest of a register is kept.</summary>
    Byte = X64Opcode.ByteReg | X64Opcode.ByteRm,

    /// <summary>16 bits; the rest of a register is kept.</summary>
    Word = X64Opcode.Prefix66 | 1,

    /// <summary>32 bits; the upper half of a written register becomes 0.</summary>
    Dword = 1,

    /// <summary>64 bits.</summary>
    Qword = X64Opcode.W | 1,
}
