using static Dbt.Translator.HostCode.X64.X64Opcode;

namespace Dbt.Translator.HostCode.X64;

// Shifts, single bits, counts, conditions, BMI.
internal sealed unsafe partial class X64Assembler
{
    public void Shift(X64Shift operation, X64Size size, X64Register d, int count)
    {
        if (count == 1)
        {
            Register(0xD0 | (uint)size & ~ByteReg, (uint)operation, (uint)d);
            return;
        }
        Immediate8(Register(0xC0 | (uint)size & ~ByteReg | X64Opcode.Immediate8, (uint)operation, (uint)d), count);
    }

    public void Shift(X64Shift operation, X64Size size, X64Memory d, int count)
    {
        if (count == 1)
        {
            Memory(0xD0 | (uint)size & ~ByteReg, (uint)operation, d);
            return;
        }
        Immediate8(Memory(0xC0 | (uint)size & ~ByteReg | X64Opcode.Immediate8, (uint)operation, d), count);
    }

    /// <summary>By cl.</summary>
    public void Shift(X64Shift operation, X64Size size, X64Register d) => Register(0xD2 | (uint)size & ~ByteReg, (uint)operation, (uint)d);

    /// <summary>By cl.</summary>
    public void Shift(X64Shift operation, X64Size size, X64Memory d) => Memory(0xD2 | (uint)size & ~ByteReg, (uint)operation, d);

    public void Shl(X64Size size, X64Register d, int count) => Shift(X64Shift.Shl, size, d, count);

    public void Shr(X64Size size, X64Register d, int count) => Shift(X64Shift.Shr, size, d, count);

    public void Sar(X64Size size, X64Register d, int count) => Shift(X64Shift.Sar, size, d, count);

    public void Rol(X64Size size, X64Register d, int count) => Shift(X64Shift.Rol, size, d, count);

    public void Ror(X64Size size, X64Register d, int count) => Shift(X64Shift.Ror, size, d, count);

    /// <summary>Shifts without touching the flags; needs BMI2.</summary>
    public void Shlx(X64Size size, X64Register d, X64Register s, X64Register count) =>
        Vex(Map0F38 | Prefix66 | 0xF7 | Wide(size), (uint)d, (uint)count, (uint)s);

    /// <inheritdoc cref="Shlx(X64Size, X64Register, X64Register, X64Register)"/>
    public void Shlx(X64Size size, X64Register d, X64Memory s, X64Register count) =>
        Vex(Map0F38 | Prefix66 | 0xF7 | Wide(size), (uint)d, (uint)count, s);

    /// <inheritdoc cref="Shlx(X64Size, X64Register, X64Register, X64Register)"/>
    public void Shrx(X64Size size, X64Register d, X64Register s, X64Register count) =>
        Vex(Map0F38 | PrefixF2 | 0xF7 | Wide(size), (uint)d, (uint)count, (uint)s);

    /// <inheritdoc cref="Shlx(X64Size, X64Register, X64Register, X64Register)"/>
    public void Shrx(X64Size size, X64Register d, X64Memory s, X64Register count) =>
        Vex(Map0F38 | PrefixF2 | 0xF7 | Wide(size), (uint)d, (uint)count, s);

    /// <inheritdoc cref="Shlx(X64Size, X64Register, X64Register, X64Register)"/>
    public void Sarx(X64Size size, X64Register d, X64Register s, X64Register count) =>
        Vex(Map0F38 | PrefixF3 | 0xF7 | Wide(size), (uint)d, (uint)count, (uint)s);

    /// <inheritdoc cref="Shlx(X64Size, X64Register, X64Register, X64Register)"/>
    public void Sarx(X64Size size, X64Register d, X64Memory s, X64Register count) =>
        Vex(Map0F38 | PrefixF3 | 0xF7 | Wide(size), (uint)d, (uint)count, s);

    /// <inheritdoc cref="Shlx(X64Size, X64Register, X64Register, X64Register)"/>
    public void Rorx(X64Size size, X64Register d, X64Register s, int count)
    {
        Immediate8(Vex(Map0F3A | PrefixF2 | 0xF0 | Wide(size) | X64Opcode.Immediate8, (uint)d, 0, (uint)s), count);
    }

    /// <inheritdoc cref="Shlx(X64Size, X64Register, X64Register, X64Register)"/>
    public void Rorx(X64Size size, X64Register d, X64Memory s, int count)
    {
        Immediate8(Vex(Map0F3A | PrefixF2 | 0xF0 | Wide(size) | X64Opcode.Immediate8, (uint)d, 0, s), count);
    }

    /// <summary>d = ~a &amp; b; needs BMI1.</summary>
    public void Andn(X64Size size, X64Register d, X64Register a, X64Register b) =>
        Vex(Map0F38 | 0xF2 | Wide(size), (uint)d, (uint)a, (uint)b);

    /// <inheritdoc cref="Andn(X64Size, X64Register, X64Register, X64Register)"/>
    public void Andn(X64Size size, X64Register d, X64Register a, X64Memory b) =>
        Vex(Map0F38 | 0xF2 | Wide(size), (uint)d, (uint)a, b);

    /// <summary>high:low = rdx * s, unsigned, flags kept; needs BMI2.</summary>
    public void Mulx(X64Size size, X64Register high, X64Register low, X64Register s) =>
        Vex(Map0F38 | PrefixF2 | 0xF6 | Wide(size), (uint)high, (uint)low, (uint)s);

    /// <inheritdoc cref="Mulx(X64Size, X64Register, X64Register, X64Register)"/>
    public void Mulx(X64Size size, X64Register high, X64Register low, X64Memory s) =>
        Vex(Map0F38 | PrefixF2 | 0xF6 | Wide(size), (uint)high, (uint)low, s);

    /// <summary>Not for 16 bits, as all counts.</summary>
    public void Popcnt(X64Size size, X64Register d, X64Register s) => Register(Map0F | PrefixF3 | 0xB8 | Wide(size), (uint)d, (uint)s);

    public void Popcnt(X64Size size, X64Register d, X64Memory s) => Memory(Map0F | PrefixF3 | 0xB8 | Wide(size), (uint)d, s);

    public void Lzcnt(X64Size size, X64Register d, X64Register s) => Register(Map0F | PrefixF3 | 0xBD | Wide(size), (uint)d, (uint)s);

    public void Lzcnt(X64Size size, X64Register d, X64Memory s) => Memory(Map0F | PrefixF3 | 0xBD | Wide(size), (uint)d, s);

    public void Tzcnt(X64Size size, X64Register d, X64Register s) => Register(Map0F | PrefixF3 | 0xBC | Wide(size), (uint)d, (uint)s);

    public void Tzcnt(X64Size size, X64Register d, X64Memory s) => Memory(Map0F | PrefixF3 | 0xBC | Wide(size), (uint)d, s);

    /// <summary>Number of the lowest bit that is set; for 0, ZF is set and the destination is left as it was or undefined.</summary>
    public void Bsf(X64Size size, X64Register d, X64Register s) => Register(Map0F | 0xBC | Wide(size), (uint)d, (uint)s);

    /// <inheritdoc cref="Bsf(X64Size, X64Register, X64Register)"/>
    public void Bsf(X64Size size, X64Register d, X64Memory s) => Memory(Map0F | 0xBC | Wide(size), (uint)d, s);

    /// <summary>Number of the highest bit that is set; for 0, ZF is set and the destination is left as it was or undefined.</summary>
    public void Bsr(X64Size size, X64Register d, X64Register s) => Register(Map0F | 0xBD | Wide(size), (uint)d, (uint)s);

    /// <inheritdoc cref="Bsr(X64Size, X64Register, X64Register)"/>
    public void Bsr(X64Size size, X64Register d, X64Memory s) => Memory(Map0F | 0xBD | Wide(size), (uint)d, s);

    /// <summary>32 and 64 bits only.</summary>
    public void Bswap(X64Size size, X64Register d) => Short(Map0F | 0xC8 | Wide(size), (uint)d);

    /// <summary>The number of the bit counts modulo the size.</summary>
    public void BitTest(X64BitTest operation, X64Size size, X64Register d, X64Register bit) =>
        Register(Map0F | 0x83 | (uint)operation << 3 | Wide(size), (uint)bit, (uint)d);

    public void BitTest(X64BitTest operation, X64Size size, X64Register d, int bit)
    {
        Immediate8(Register(Map0F | 0xBA | Wide(size) | X64Opcode.Immediate8, (uint)operation, (uint)d), bit);
    }

    public void BitTest(X64BitTest operation, X64Size size, X64Memory d, int bit)
    {
        Immediate8(Memory(Map0F | 0xBA | Wide(size) | X64Opcode.Immediate8, (uint)operation, d), bit);
    }

    /// <summary>The low byte of d = condition ? 1 : 0.</summary>
    public void Set(X64Condition condition, X64Register d) => Register(Map0F | 0x90 | (uint)condition | ByteRm, 0, (uint)d);

    /// <inheritdoc cref="Set(X64Condition, X64Register)"/>
    public void Set(X64Condition condition, X64Memory d) => Memory(Map0F | 0x90 | (uint)condition, 0, d);

    public void Cmov(X64Condition condition, X64Size size, X64Register d, X64Register s) =>
        Register(Map0F | 0x40 | (uint)condition | Wide(size), (uint)d, (uint)s);

    public void Cmov(X64Condition condition, X64Size size, X64Register d, X64Memory s) =>
        Memory(Map0F | 0x40 | (uint)condition | Wide(size), (uint)d, s);
}
