using static Dbt.Translator.HostCode.X64.X64Opcode;

namespace Dbt.Translator.HostCode.X64;

// Moves and integer arithmetic.
internal sealed unsafe partial class X64Assembler
{
    public void Mov(X64Size size, X64Register d, X64Register s) => Register(0x88 | (uint)size, (uint)s, (uint)d);

    public void Mov(X64Size size, X64Register d, X64Memory s) => Memory(0x8A | (uint)size, (uint)d, s);

    public void Mov(X64Size size, X64Memory d, X64Register s) => Memory(0x88 | (uint)size, (uint)s, d);

    /// <summary>Stores an immediate, for 64 bits sign-extended from 32.</summary>
    public void Mov(X64Size size, X64Memory d, int value)
    {
        var opcode = 0xC6 | (uint)size & ~ByteReg | X64Opcode.Immediate(size);
        Immediate(Memory(opcode, 0, d), opcode, value);
    }

    /// <summary>Loads a constant by the shortest mov for it: zero-extended (5-6 bytes), sign-extended (7) or whole (10). Keeps the flags.</summary>
    public void Mov(X64Register d, ulong value)
    {
        if (value == (uint)value)
            MovImmediate32(d, (uint)value);
        else if ((long)value == (int)value)
            MovSignExtended32(d, (int)value);
        else
            MovImmediate64(d, value);
    }

    /// <summary>Loads a constant below 2^32.</summary>
    public void MovImmediate32(X64Register d, uint value)
    {
        Immediate32(Short(0xB8, (uint)d), (int)value);
    }

    /// <summary>Loads a constant, sign-extended to 64 bits.</summary>
    public void MovSignExtended32(X64Register d, int value)
    {
        Immediate32(Register(0xC7 | W, 0, (uint)d), value);
    }

    /// <summary>Loads a constant in ten bytes.</summary>
    public void MovImmediate64(X64Register d, ulong value)
    {
        var p = Short(0xB8 | W, (uint)d);
        *(ulong*)p = value;
        _cursor = p + sizeof(ulong);
    }

    public void MovzxByte(X64Register d, X64Register s) => Register(Map0F | 0xB6 | ByteRm, (uint)d, (uint)s);

    public void MovzxByte(X64Register d, X64Memory s) => Memory(Map0F | 0xB6, (uint)d, s);

    public void MovzxWord(X64Register d, X64Register s) => Register(Map0F | 0xB7, (uint)d, (uint)s);

    public void MovzxWord(X64Register d, X64Memory s) => Memory(Map0F | 0xB7, (uint)d, s);

    public void MovsxByte(X64Size size, X64Register d, X64Register s) => Register(Map0F | 0xBE | ByteRm | Wide(size), (uint)d, (uint)s);

    public void MovsxByte(X64Size size, X64Register d, X64Memory s) => Memory(Map0F | 0xBE | Wide(size), (uint)d, s);

    public void MovsxWord(X64Size size, X64Register d, X64Register s) => Register(Map0F | 0xBF | Wide(size), (uint)d, (uint)s);

    public void MovsxWord(X64Size size, X64Register d, X64Memory s) => Memory(Map0F | 0xBF | Wide(size), (uint)d, s);

    public void Movsxd(X64Register d, X64Register s) => Register(0x63 | W, (uint)d, (uint)s);

    public void Movsxd(X64Register d, X64Memory s) => Memory(0x63 | W, (uint)d, s);

    public void Lea(X64Size size, X64Register d, X64Memory s) => Memory(0x8D | Wide(size), (uint)d, s);

    public void Alu(X64Alu operation, X64Size size, X64Register d, X64Register s) =>
        Register((uint)operation << 3 | (uint)size, (uint)s, (uint)d);

    public void Alu(X64Alu operation, X64Size size, X64Register d, X64Memory s) =>
        Memory((uint)operation << 3 | 2 | (uint)size, (uint)d, s);

    public void Alu(X64Alu operation, X64Size size, X64Memory d, X64Register s) =>
        Memory((uint)operation << 3 | (uint)size, (uint)s, d);

    public void Alu(X64Alu operation, X64Size size, X64Register d, int value)
    {
        var opcode = AluImmediate(size, value);
        Immediate(Register(opcode, (uint)operation, (uint)d), opcode, value);
    }

    public void Alu(X64Alu operation, X64Size size, X64Memory d, int value)
    {
        var opcode = AluImmediate(size, value);
        Immediate(Memory(opcode, (uint)operation, d), opcode, value);
    }

    // 80 ib, 83 ib sign-extended, or 81 iw/id. The digit in ModRM.reg is no byte register.
    private static uint AluImmediate(X64Size size, int value)
    {
        var shared = (uint)size & ~ByteReg;
        if (size == X64Size.Byte)
            return 0x80 | shared | X64Opcode.Immediate8;
        return value == (sbyte)value ? 0x82 | shared | X64Opcode.Immediate8 : 0x80 | shared | X64Opcode.Immediate(size);
    }

    public void Add(X64Size size, X64Register d, X64Register s) => Alu(X64Alu.Add, size, d, s);

    public void Add(X64Size size, X64Register d, X64Memory s) => Alu(X64Alu.Add, size, d, s);

    public void Add(X64Size size, X64Memory d, X64Register s) => Alu(X64Alu.Add, size, d, s);

    public void Add(X64Size size, X64Register d, int value) => Alu(X64Alu.Add, size, d, value);

    public void Add(X64Size size, X64Memory d, int value) => Alu(X64Alu.Add, size, d, value);

    public void Sub(X64Size size, X64Register d, X64Register s) => Alu(X64Alu.Sub, size, d, s);

    public void Sub(X64Size size, X64Register d, X64Memory s) => Alu(X64Alu.Sub, size, d, s);

    public void Sub(X64Size size, X64Memory d, X64Register s) => Alu(X64Alu.Sub, size, d, s);

    public void Sub(X64Size size, X64Register d, int value) => Alu(X64Alu.Sub, size, d, value);

    public void Sub(X64Size size, X64Memory d, int value) => Alu(X64Alu.Sub, size, d, value);

    public void And(X64Size size, X64Register d, X64Register s) => Alu(X64Alu.And, size, d, s);

    public void And(X64Size size, X64Register d, X64Memory s) => Alu(X64Alu.And, size, d, s);

    public void And(X64Size size, X64Memory d, X64Register s) => Alu(X64Alu.And, size, d, s);

    public void And(X64Size size, X64Register d, int value) => Alu(X64Alu.And, size, d, value);

    public void And(X64Size size, X64Memory d, int value) => Alu(X64Alu.And, size, d, value);

    public void Or(X64Size size, X64Register d, X64Register s) => Alu(X64Alu.Or, size, d, s);

    public void Or(X64Size size, X64Register d, X64Memory s) => Alu(X64Alu.Or, size, d, s);

    public void Or(X64Size size, X64Memory d, X64Register s) => Alu(X64Alu.Or, size, d, s);

    public void Or(X64Size size, X64Register d, int value) => Alu(X64Alu.Or, size, d, value);

    public void Or(X64Size size, X64Memory d, int value) => Alu(X64Alu.Or, size, d, value);

    public void Xor(X64Size size, X64Register d, X64Register s) => Alu(X64Alu.Xor, size, d, s);

    public void Xor(X64Size size, X64Register d, X64Memory s) => Alu(X64Alu.Xor, size, d, s);

    public void Xor(X64Size size, X64Memory d, X64Register s) => Alu(X64Alu.Xor, size, d, s);

    public void Xor(X64Size size, X64Register d, int value) => Alu(X64Alu.Xor, size, d, value);

    public void Xor(X64Size size, X64Memory d, int value) => Alu(X64Alu.Xor, size, d, value);

    public void Cmp(X64Size size, X64Register d, X64Register s) => Alu(X64Alu.Cmp, size, d, s);

    public void Cmp(X64Size size, X64Register d, X64Memory s) => Alu(X64Alu.Cmp, size, d, s);

    public void Cmp(X64Size size, X64Memory d, X64Register s) => Alu(X64Alu.Cmp, size, d, s);

    public void Cmp(X64Size size, X64Register d, int value) => Alu(X64Alu.Cmp, size, d, value);

    public void Cmp(X64Size size, X64Memory d, int value) => Alu(X64Alu.Cmp, size, d, value);

    public void Test(X64Size size, X64Register d, X64Register s) => Register(0x84 | (uint)size, (uint)s, (uint)d);

    public void Test(X64Size size, X64Memory d, X64Register s) => Memory(0x84 | (uint)size, (uint)s, d);

    public void Test(X64Size size, X64Register d, int value)
    {
        var opcode = 0xF6 | (uint)size & ~ByteReg | X64Opcode.Immediate(size);
        Immediate(Register(opcode, 0, (uint)d), opcode, value);
    }

    public void Test(X64Size size, X64Memory d, int value)
    {
        var opcode = 0xF6 | (uint)size & ~ByteReg | X64Opcode.Immediate(size);
        Immediate(Memory(opcode, 0, d), opcode, value);
    }

    public void Not(X64Size size, X64Register d) => Group3(2, size, d);

    public void Not(X64Size size, X64Memory d) => Group3(2, size, d);

    public void Neg(X64Size size, X64Register d) => Group3(3, size, d);

    public void Neg(X64Size size, X64Memory d) => Group3(3, size, d);

    /// <summary>rdx:rax = rax * s, unsigned.</summary>
    public void Mul(X64Size size, X64Register s) => Group3(4, size, s);

    /// <inheritdoc cref="Mul(X64Size, X64Register)"/>
    public void Mul(X64Size size, X64Memory s) => Group3(4, size, s);

    /// <summary>rdx:rax = rax * s, signed.</summary>
    public void Imul(X64Size size, X64Register s) => Group3(5, size, s);

    /// <inheritdoc cref="Imul(X64Size, X64Register)"/>
    public void Imul(X64Size size, X64Memory s) => Group3(5, size, s);

    /// <summary>rax, rdx = quotient and remainder of rdx:rax / s, unsigned.</summary>
    public void Div(X64Size size, X64Register s) => Group3(6, size, s);

    /// <inheritdoc cref="Div(X64Size, X64Register)"/>
    public void Div(X64Size size, X64Memory s) => Group3(6, size, s);

    /// <summary>rax, rdx = quotient and remainder of rdx:rax / s, signed.</summary>
    public void Idiv(X64Size size, X64Register s) => Group3(7, size, s);

    /// <inheritdoc cref="Idiv(X64Size, X64Register)"/>
    public void Idiv(X64Size size, X64Memory s) => Group3(7, size, s);

    private void Group3(uint digit, X64Size size, X64Register rm) => Register(0xF6 | (uint)size & ~ByteReg, digit, (uint)rm);

    private void Group3(uint digit, X64Size size, X64Memory rm) => Memory(0xF6 | (uint)size & ~ByteReg, digit, rm);

    public void Inc(X64Size size, X64Register d) => Register(0xFE | (uint)size & ~ByteReg, 0, (uint)d);

    public void Inc(X64Size size, X64Memory d) => Memory(0xFE | (uint)size & ~ByteReg, 0, d);

    public void Dec(X64Size size, X64Register d) => Register(0xFE | (uint)size & ~ByteReg, 1, (uint)d);

    public void Dec(X64Size size, X64Memory d) => Memory(0xFE | (uint)size & ~ByteReg, 1, d);

    public void Imul(X64Size size, X64Register d, X64Register s) => Register(Map0F | 0xAF | Wide(size), (uint)d, (uint)s);

    public void Imul(X64Size size, X64Register d, X64Memory s) => Memory(Map0F | 0xAF | Wide(size), (uint)d, s);

    public void Imul(X64Size size, X64Register d, X64Register s, int value)
    {
        var opcode = ImulImmediate(size, value);
        Immediate(Register(opcode, (uint)d, (uint)s), opcode, value);
    }

    public void Imul(X64Size size, X64Register d, X64Memory s, int value)
    {
        var opcode = ImulImmediate(size, value);
        Immediate(Memory(opcode, (uint)d, s), opcode, value);
    }

    private static uint ImulImmediate(X64Size size, int value) =>
        Wide(size) | (value == (sbyte)value ? 0x6B | X64Opcode.Immediate8 : 0x69 | X64Opcode.Immediate(size));

    /// <summary>edx = the sign of eax.</summary>
    public void Cdq() => Short(0x99, 0);

    /// <summary>rdx = the sign of rax.</summary>
    public void Cqo() => Short(0x99 | W, 0);
}
