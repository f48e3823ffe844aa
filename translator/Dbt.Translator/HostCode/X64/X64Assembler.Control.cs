using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Dbt.Translator.HostCode.X64;

// Jumps, calls, labels, stack, padding. Targets given as pointers are addresses as they are executed.
internal sealed unsafe partial class X64Assembler
{
    /// <summary>Length of a jump or call with a displacement of 32 bits: what a patch replaces.</summary>
    public const int JumpLength = 5;

    /// <summary>In 5 bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is farther away than 2 GiB.</exception>
    public void Jmp(void* target)
    {
        var p = _cursor;
        *p = 0xE9;
        Immediate32(p + 1, Distance(target, p + _delta + JumpLength));
    }

    /// <summary>In 6 bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is farther away than 2 GiB.</exception>
    public void Jcc(X64Condition condition, void* target)
    {
        var p = _cursor;
        *(ushort*)p = (ushort)(0x800F + ((uint)condition << 8));
        Immediate32(p + 2, Distance(target, p + _delta + 6));
    }

    public void Jmp(X64Register target) => Register(0xFF, 4, (uint)target);

    public void Jmp(X64Memory target) => Memory(0xFF, 4, target);

    /// <summary>In 5 bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is farther away than 2 GiB.</exception>
    public void Call(void* target)
    {
        var p = _cursor;
        *p = 0xE8;
        Immediate32(p + 1, Distance(target, p + _delta + JumpLength));
    }

    public void Call(X64Register target) => Register(0xFF, 2, (uint)target);

    public void Call(X64Memory target) => Memory(0xFF, 2, target);

    public void Ret() => *_cursor++ = 0xC3;

    /// <summary>To a label; back to one that is bound in 2 bytes where it is near, otherwise in 5.</summary>
    public void Jmp(ref X64Label target)
    {
        if (TryJumpBack(0xEB, in target))
            return;
        var p = _cursor;
        *p = 0xE9;
        Displacement32(p + 1, ref target);
    }

    /// <summary>To a label; back to one that is bound in 2 bytes where it is near, otherwise in 6.</summary>
    public void Jcc(X64Condition condition, ref X64Label target)
    {
        if (TryJumpBack(0x70 | (uint)condition, in target))
            return;
        var p = _cursor;
        *(ushort*)p = (ushort)(0x800F + ((uint)condition << 8));
        Displacement32(p + 2, ref target);
    }

    /// <summary>In 2 bytes, to a label that is or will be bound within about 127 bytes.</summary>
    /// <exception cref="InvalidOperationException">The label is bound too far away.</exception>
    public void JmpShort(ref X64Label target) => ShortJump(0xEB, ref target);

    /// <inheritdoc cref="JmpShort"/>
    public void JccShort(X64Condition condition, ref X64Label target) => ShortJump(0x70 | (uint)condition, ref target);

    /// <summary>The label is here; all jumps that wait for it get their displacements.</summary>
    /// <exception cref="InvalidOperationException">A short jump to it is too far away.</exception>
    public void Bind(ref X64Label label)
    {
        Debug.Assert(!label.IsBound);
        var here = Length;
        // A waiting jump holds the offset of the one that waited before it, plus 1; a short one, the distance back to it.
        for (var jump = label.LastJump; jump != 0;)
        {
            var field = (int*)(_start + jump - 1);
            jump = *field;
            *field = (int)(_cursor - (byte*)(field + 1));
        }
        for (var jump = label.LastShortJump; jump != 0;)
        {
            var field = _start + jump - 1;
            jump = *field == 0 ? 0 : jump - *field;
            var distance = _cursor - (field + 1);
            if (distance > sbyte.MaxValue)
                ThrowTooFarForShortJump();
            *field = (byte)distance;
        }
        label.Bound = here + 1;
    }

    private bool TryJumpBack(uint opcode, in X64Label target)
    {
        var distance = target.Bound - 1 - (Length + 2);
        if (target.Bound == 0 || distance < sbyte.MinValue)
            return false;
        *(ushort*)_cursor = (ushort)(opcode | (uint)(byte)distance << 8);
        _cursor += 2;
        return true;
    }

    private void Displacement32(byte* p, ref X64Label target)
    {
        var at = (int)(p - _start);
        if (target.Bound != 0)
        {
            Immediate32(p, target.Bound - 1 - (at + sizeof(int)));
            return;
        }
        Immediate32(p, target.LastJump);
        target.LastJump = at + 1;
    }

    private void ShortJump(uint opcode, ref X64Label target)
    {
        if (target.Bound != 0)
        {
            if (!TryJumpBack(opcode, in target))
                ThrowTooFarForShortJump();
            return;
        }
        *_cursor++ = (byte)opcode;
        var at = Length + 1;
        var distance = target.LastShortJump == 0 ? 0 : at - target.LastShortJump;
        if (distance > sbyte.MaxValue)
            ThrowTooFarForShortJump();
        *_cursor++ = (byte)distance;
        target.LastShortJump = at;
    }

    [DoesNotReturn]
    private static void ThrowTooFarForShortJump() => throw new InvalidOperationException("A short jump reaches 127 bytes only.");

    public void Push(X64Register s) => Short(0x50, (uint)s);

    public void Push(X64Memory s) => Memory(0xFF, 6, s);

    public void Pop(X64Register d) => Short(0x58, (uint)d);

    public void Pop(X64Memory d) => Memory(0x8F, 0, d);

    public void Clc() => *_cursor++ = 0xF8;

    public void Stc() => *_cursor++ = 0xF9;

    public void Int3() => *_cursor++ = 0xCC;

    public void Ud2()
    {
        *(ushort*)_cursor = 0x0B0F;
        _cursor += 2;
    }

    public void Syscall()
    {
        *(ushort*)_cursor = 0x050F;
        _cursor += 2;
    }

    /// <summary>Does nothing in so many bytes, any number, with as few instructions as possible (Intel SDM vol. 2, NOP).</summary>
    public void Nop(int bytes)
    {
        for (; bytes > 0; bytes -= 9)
        {
            var length = Math.Min(bytes, 9);
            Nops.Slice((length - 1) * 9, length).CopyTo(new Span<byte>(_cursor, length));
            _cursor += length;
        }
    }

    /// <summary>Makes the next instruction, of <paramref name="length"/> bytes (at most 8), patchable by one aligned store of 8 bytes.</summary>
    public void AlignForPatch(int length)
    {
        var over = (int)(nuint)_cursor & 7;
        if (over + length > 8)
            Nop(8 - over);
    }

    private static ReadOnlySpan<byte> Nops =>
    [
        0x90, 0, 0, 0, 0, 0, 0, 0, 0,
        0x66, 0x90, 0, 0, 0, 0, 0, 0, 0,
        0x0F, 0x1F, 0x00, 0, 0, 0, 0, 0, 0,
        0x0F, 0x1F, 0x40, 0x00, 0, 0, 0, 0, 0,
        0x0F, 0x1F, 0x44, 0x00, 0x00, 0, 0, 0, 0,
        0x66, 0x0F, 0x1F, 0x44, 0x00, 0x00, 0, 0, 0,
        0x0F, 0x1F, 0x80, 0x00, 0x00, 0x00, 0x00, 0, 0,
        0x0F, 0x1F, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00, 0,
        0x66, 0x0F, 0x1F, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00,
    ];
}
