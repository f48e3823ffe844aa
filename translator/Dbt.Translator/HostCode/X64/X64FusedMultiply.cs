namespace Dbt.Translator.HostCode.X64;

/// <summary>
/// Fused multiply-adds by their opcodes. The digits say which operands are multiplied and which one is added:
/// with operands (a, b, c), 213 is a = b * a + c, and 231 is a = b * c + a.
/// </summary>
internal enum X64FusedMultiply : byte
{
    Fmadd132 = 0x99, Fmsub132 = 0x9B, Fnmadd132 = 0x9D, Fnmsub132 = 0x9F,
    Fmadd213 = 0xA9, Fmsub213 = 0xAB, Fnmadd213 = 0xAD, Fnmsub213 = 0xAF,
    Fmadd231 = 0xB9, Fmsub231 = 0xBB, Fnmadd231 = 0xBD, Fnmsub231 = 0xBF,
}
