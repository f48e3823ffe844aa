namespace Dbt.Translator.HostCode.X64;

/// <summary>
/// An instruction but for its operands, packed into 32 bits, so that one core method a shape can encode all of them without branches:
/// the opcode byte in bits 0-7 and what stands before it in the others.
/// </summary>
internal static class X64Opcode
{
    /// <summary>Bits 8-15: a prefix; bit 30: there is one; bits 28-29: its number in VEX.</summary>
    public const uint Prefix66 = 0x5000_6600, PrefixF3 = 0x6000_F300, PrefixF2 = 0x7000_F200;

    /// <summary>All bits of a prefix.</summary>
    public const uint AnyPrefix = 0x7000_FF00;

    /// <summary>Bits 16-17: the bytes 0F, 0F 38, 0F 3A before the opcode.</summary>
    public const uint Map0F = 1 << 16, Map0F38 = 2 << 16, Map0F3A = 3 << 16;

    /// <summary>Operands of 64 bits: REX.W or VEX.W.</summary>
    public const uint W = 1 << 19;

    /// <summary>The register in ModRM.reg, or the one in ModRM.rm, is a byte: from the fourth on it needs a REX prefix.</summary>
    public const uint ByteReg = 1 << 20, ByteRm = 1 << 21;

    /// <summary>A LOCK prefix; with memory operands only.</summary>
    public const uint LockPrefix = 1 << 22;

    /// <summary>Bits 24-26: length of the immediate operand, which addresses relative to RIP depend on.</summary>
    public const uint Immediate8 = 1 << 24, Immediate16 = 2 << 24, Immediate32 = 4 << 24;

    /// <summary>What a size changes in instructions without a form for bytes, whose opcodes do not tell the size.</summary>
    public static uint Wide(X64Size size) => (uint)size & ~(1u | ByteReg | ByteRm);

    /// <summary>The immediate of an instruction with operands of a size.</summary>
    public static uint Immediate(X64Size size) => size switch
    {
        X64Size.Byte => Immediate8,
        X64Size.Word => Immediate16,
        _ => Immediate32,
    };

    /// <summary>The prefix of instructions that have none for binary32 and 66 for binary64.</summary>
    public static uint Packed(X64Precision precision) => precision == X64Precision.Double ? Prefix66 : 0;
}
