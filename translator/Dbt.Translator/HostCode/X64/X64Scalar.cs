namespace Dbt.Translator.HostCode.X64;

/// <summary>Floating-point operations with the same encodings but for the opcode, which is their value.</summary>
internal enum X64Scalar : byte
{
    Sqrt = 0x51, Add = 0x58, Mul = 0x59, Sub = 0x5C, Min = 0x5D, Div = 0x5E, Max = 0x5F,
}
