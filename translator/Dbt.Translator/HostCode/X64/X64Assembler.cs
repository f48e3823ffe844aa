using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Dbt.Translator.HostCode.X64;

/// <summary>
/// Writes x86-64 machine code into memory that its caller owns. Encodings are the shortest ones (Intel SDM vol. 2), except that
/// the short forms for an accumulator with a wide immediate are not used. Operand order is the manual's: destination first.
/// It allocates nothing and checks nothing an instruction: the caller asks for <see cref="HasRoom"/> before each group of
/// instructions. Not thread-safe.
/// </summary>
/// <remarks>
/// One core method per shape (register, memory, VEX with either) does without branches, by writing each optional byte and moving the cursor
/// behind it only if it is wanted. Instructions are one-liners that the JIT inlines to a call of the core with a constant
/// <see cref="X64Opcode"/>.
/// </remarks>
internal sealed unsafe partial class X64Assembler
{
    /// <summary>No instruction is longer.</summary>
    public const int MaximumInstructionLength = 15;

    // The core methods write optional bytes that may turn out not to be wanted.
    private const int Slack = 8;

    private byte* _start;
    private byte* _cursor;
    private byte* _end;
    private nint _delta;

    /// <summary>Begins to write at another place.</summary>
    /// <param name="start">First byte, as it is written.</param>
    /// <param name="end">Behind the last byte that may be written.</param>
    /// <param name="executeDelta">What to add to an address as it is written to get the address at which it is executed.</param>
    public void Begin(byte* start, byte* end, nint executeDelta = 0)
    {
        _start = _cursor = start;
        _end = end;
        _delta = executeDelta;
    }

    /// <summary>Where the next byte is written.</summary>
    public byte* Cursor => _cursor;

    /// <summary>Where the next byte is executed.</summary>
    public byte* Address => _cursor + _delta;

    /// <summary>Number of bytes written.</summary>
    public int Length => (int)(_cursor - _start);

    /// <summary>Whether so many more bytes fit.</summary>
    public bool HasRoom(int bytes) => _end - _cursor >= bytes + Slack;

    /// <summary>Takes back what was written after the first <paramref name="length"/> bytes. No label may know of it.</summary>
    public void Rewind(int length)
    {
        Debug.Assert((uint)length <= (uint)Length);
        _cursor = _start + length;
    }

    /// <summary>An operand at an address as it is executed, within 2 GiB; for the next instruction only.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is too far away.</exception>
    public X64Memory RipRelative(void* target) => X64Memory.FromInstruction(Distance(target, Address));

    private static int Distance(void* target, byte* from)
    {
        var distance = (byte*)target - from;
        // Room for an instruction's length is left.
        if (distance != (int)distance || distance < int.MinValue + MaximumInstructionLength)
            ThrowTooFar();
        return (int)distance;
    }

    [DoesNotReturn]
    private static void ThrowTooFar() => throw new ArgumentOutOfRangeException("target", "Displacements reach 2 GiB only.");

    // ModRM with two registers, or with one and a digit that belongs to the opcode.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private byte* Register(uint opcode, uint reg, uint rm)
    {
        Debug.Assert(HasRoom(MaximumInstructionLength));
        var p = Prefix(_cursor, opcode);
        var rex = opcode >> 16 & 8 | reg >> 1 & 4 | rm >> 3;
        // Adding 12 sets bit 4 for registers from 4 on; bit 4 (5) of the shifted opcode says that reg (rm) is a byte.
        var byteRegister = ((reg + 12) & opcode >> 16 | (rm + 12) & opcode >> 17) & 0x10;
        p = Opcode(Rex(p, rex, rex | byteRegister), opcode);
        *p = (byte)(0xC0 | (reg & 7) << 3 | rm & 7);
        return _cursor = p + 1;
    }

    // ModRM with a register or digit, and memory.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private byte* Memory(uint opcode, uint reg, X64Memory memory)
    {
        Debug.Assert(HasRoom(MaximumInstructionLength));
        var bits = memory.Bits;
        var p = AddressPrefixes(_cursor, bits);
        *p = 0xF0;
        p += opcode >> 22 & 1;
        p = Prefix(p, opcode);
        var rex = opcode >> 16 & 8 | reg >> 1 & 4 | bits >> 24 & 3;
        p = Opcode(Rex(p, rex, rex | (reg + 12) & opcode >> 16 & 0x10), opcode);
        return _cursor = Operand(p, opcode, reg, memory);
    }

    // VEX with three registers; the one that is not in ModRM is called v.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private byte* Vex(uint opcode, uint reg, uint v, uint rm)
    {
        Debug.Assert(HasRoom(MaximumInstructionLength));
        var p = VexPrefix(_cursor, opcode, reg, v, rm >> 3);
        *p = (byte)(0xC0 | (reg & 7) << 3 | rm & 7);
        return _cursor = p + 1;
    }

    // VEX with two registers and memory.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private byte* Vex(uint opcode, uint reg, uint v, X64Memory memory)
    {
        Debug.Assert(HasRoom(MaximumInstructionLength));
        var p = AddressPrefixes(_cursor, memory.Bits);
        p = VexPrefix(p, opcode, reg, v, memory.Bits >> 24 & 3);
        return _cursor = Operand(p, opcode, reg, memory);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Prefix(byte* p, uint opcode)
    {
        *p = (byte)(opcode >> 8);
        return p + (opcode >> 30 & 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Rex(byte* p, uint rex, uint wanted)
    {
        *p = (byte)(0x40 | rex);
        return p + (wanted != 0 ? 1 : 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Opcode(byte* p, uint opcode)
    {
        var map = opcode >> 16 & 3;
        *(ushort*)p = (ushort)(0x340F + (map << 9)); // 0F 38 for map 2, 0F 3A for map 3
        p += map - (map & map >> 1);                 // 0, 1, 2, 2
        *p = (byte)opcode;
        return p + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* AddressPrefixes(byte* p, uint bits)
    {
        *p = (byte)(bits >> 16);
        p += bits >> 22 & 1;
        *p = 0x67;
        return p + (bits >> 30 & 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* VexPrefix(byte* p, uint opcode, uint reg, uint v, uint xb)
    {
        var low = ~v << 3 & 0x78 | opcode >> 28 & 3;
        if (((opcode & (X64Opcode.W | X64Opcode.Map0F38)) | xb) == 0)
        {
            p[0] = 0xC5;
            p[1] = (byte)((~reg & 8) << 4 | low);
            p[2] = (byte)opcode;
            return p + 3;
        }
        p[0] = 0xC4;
        p[1] = (byte)((~reg & 8) << 4 | (~xb & 3) << 5 | opcode >> 16 & 3);
        p[2] = (byte)((opcode >> 12 & 0x80) | low);
        p[3] = (byte)opcode;
        return p + 4;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* Operand(byte* p, uint opcode, uint reg, X64Memory memory)
    {
        var bits = memory.Bits;
        *p++ = (byte)(bits | (reg & 7) << 3);
        *p = (byte)(bits >> 8);
        p += bits >> 26 & 1;
        // Relative to RIP: the displacement counts from the instruction's start so far, and has to from its end.
        var length = (int)(p - _cursor) + sizeof(int) + (int)(opcode >> 24 & 7);
        *(int*)p = memory.Displacement - (length & (int)bits >> 31);
        return p + (bits >> 27 & 7);
    }

    // Immediates follow what a core method has written, which gives its end: the next instruction waits for the cursor.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Immediate8(byte* p, int value)
    {
        *p = (byte)value;
        _cursor = p + sizeof(byte);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Immediate32(byte* p, int value)
    {
        *(int*)p = value;
        _cursor = p + sizeof(int);
    }

    // The low bytes of an immediate, as many as X64Opcode says.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Immediate(byte* p, uint opcode, int value)
    {
        *(int*)p = value;
        _cursor = p + (opcode >> 24 & 7);
    }

    // An opcode without ModRM that holds a register, or a fixed one.
    private byte* Short(uint opcode, uint register)
    {
        var p = Prefix(_cursor, opcode);
        var rex = opcode >> 16 & 8 | register >> 3;
        return _cursor = Opcode(Rex(p, rex, rex), opcode + (register & 7));
    }
}
