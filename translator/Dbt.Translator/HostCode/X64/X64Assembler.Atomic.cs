using static Dbt.Translator.HostCode.X64.X64Opcode;

namespace Dbt.Translator.HostCode.X64;

// Atomic operations, and what orders memory.
internal sealed unsafe partial class X64Assembler
{
    public void Xchg(X64Size size, X64Register d, X64Register s) => Register(0x86 | (uint)size, (uint)s, (uint)d);

    /// <summary>Always atomic.</summary>
    public void Xchg(X64Size size, X64Memory d, X64Register s) => Memory(0x86 | (uint)size, (uint)s, d);

    /// <summary>Atomically: if d equals rax, d = s; otherwise rax = d. ZF tells which.</summary>
    public void LockCmpxchg(X64Size size, X64Memory d, X64Register s) => Memory(LockPrefix | Map0F | 0xB0 | (uint)size, (uint)s, d);

    /// <summary>The same, atomic for this thread only.</summary>
    public void Cmpxchg(X64Size size, X64Memory d, X64Register s) => Memory(Map0F | 0xB0 | (uint)size, (uint)s, d);

    /// <summary>Atomically: if the 16 bytes d, aligned, equal rdx:rax, d = rcx:rbx; otherwise rdx:rax = d. ZF tells which.</summary>
    public void LockCmpxchg16b(X64Memory d) => Memory(LockPrefix | Map0F | 0xC7 | W, 1, d);

    /// <summary>Atomically: d, s = d + s, d.</summary>
    public void LockXadd(X64Size size, X64Memory d, X64Register s) => Memory(LockPrefix | Map0F | 0xC0 | (uint)size, (uint)s, d);

    /// <summary>The same, atomic for this thread only.</summary>
    public void Xadd(X64Size size, X64Memory d, X64Register s) => Memory(Map0F | 0xC0 | (uint)size, (uint)s, d);

    /// <summary>Atomically; not cmp.</summary>
    public void LockAlu(X64Alu operation, X64Size size, X64Memory d, X64Register s) =>
        Memory(LockPrefix | (uint)operation << 3 | (uint)size, (uint)s, d);

    /// <inheritdoc cref="LockAlu(X64Alu, X64Size, X64Memory, X64Register)"/>
    public void LockAlu(X64Alu operation, X64Size size, X64Memory d, int value)
    {
        var opcode = LockPrefix | AluImmediate(size, value);
        Immediate(Memory(opcode, (uint)operation, d), opcode, value);
    }

    public void Mfence() => Bytes3(0x0F, 0xAE, 0xF0);

    public void Pause()
    {
        *(ushort*)_cursor = 0x90F3;
        _cursor += 2;
    }

    private void Bytes3(byte first, byte second, byte third)
    {
        *(uint*)_cursor = (uint)(first | second << 8 | third << 16);
        _cursor += 3;
    }
}
