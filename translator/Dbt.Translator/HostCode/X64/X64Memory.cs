using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Dbt.Translator.HostCode.X64;

/// <summary>
/// A memory operand: base + index * scale + displacement. It is kept as its encoding, so that all decisions fall where it is made,
/// mostly from constants, and none in the assembler.
/// </summary>
internal readonly struct X64Memory
{
    // Bits 0-7 ModRM without its register; 8-15 SIB; 16-23 a segment's prefix or 0 (bit 22 is set in both of them);
    // 24 REX.B; 25 REX.X; 26 has SIB; 27-29 length of the displacement; 30 address-size prefix; 31 relative to RIP.
    private const uint Mod8 = 1 << 6, Mod32 = 2 << 6, NoMod = 0;
    private const uint RmIsSib = 4, RmIsRip = 5, NoBase = 5, NoIndex = 4;
    private const uint HasSib = 1 << 26, Length8 = 1 << 27, Length32 = 4 << 27, AddressSize = 1 << 30, IsRipRelative = 1u << 31;
    private const uint FsPrefix = 0x64 << 16, GsPrefix = 0x65 << 16;

    // Both in one word, which goes from method to method in one register.
    private readonly ulong _value;

    internal X64Memory(uint bits, int displacement) => _value = bits | (ulong)(uint)displacement << 32;

    internal uint Bits => (uint)_value;

    internal int Displacement => (int)(_value >> 32);

    /// <summary>[base + displacement].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static X64Memory At(X64Register @base, int displacement = 0)
    {
        // rsp and r12 in ModRM mean that a SIB follows; rbp and r13 with mod 0 mean something else, so they get a displacement of 0.
        var rm = (uint)@base & 7;
        var sib = rm == RmIsSib ? HasSib | (NoIndex << 3 | RmIsSib) << 8 : 0;
        return new(rm | sib | (uint)@base >> 3 << 24 | Mod(rm, displacement), displacement);
    }

    /// <summary>[base + index * scale + displacement].</summary>
    /// <param name="base">Any register.</param>
    /// <param name="index">Any register but rsp.</param>
    /// <param name="scale">1, 2, 4 or 8.</param>
    /// <param name="displacement">Sign-extended.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static X64Memory At(X64Register @base, X64Register index, int scale = 1, int displacement = 0)
    {
        Debug.Assert(index != X64Register.Rsp && scale is 1 or 2 or 4 or 8);
        var low = (uint)@base & 7;
        return new(RmIsSib | Sib(low, index, scale) | (uint)@base >> 3 << 24 | Mod(low, displacement), displacement);
    }

    /// <summary>[index * scale + displacement].</summary>
    /// <param name="index">Any register but rsp.</param>
    /// <param name="scale">1, 2, 4 or 8.</param>
    /// <param name="displacement">Sign-extended.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static X64Memory Scaled(X64Register index, int scale, int displacement = 0)
    {
        Debug.Assert(index != X64Register.Rsp && scale is 1 or 2 or 4 or 8);
        return new(RmIsSib | NoMod | Sib(NoBase, index, scale) | Length32, displacement);
    }

    /// <summary>[address], in the lowest or highest 2 GiB, or relative to a segment.</summary>
    public static X64Memory Absolute(int address) =>
        new(RmIsSib | NoMod | HasSib | (NoIndex << 3 | NoBase) << 8 | Length32, address);

    /// <summary>An operand relative to RIP, given its distance from the start of the instruction.</summary>
    internal static X64Memory FromInstruction(int distance) => new(RmIsRip | NoMod | Length32 | IsRipRelative, distance);

    /// <summary>The same relative to the base of segment fs.</summary>
    public X64Memory InFs() => new(Bits | FsPrefix, Displacement);

    /// <summary>The same relative to the base of segment gs.</summary>
    public X64Memory InGs() => new(Bits | GsPrefix, Displacement);

    /// <summary>The same with the sum of registers and displacement cut to its low 32 bits (before a segment's base is added).</summary>
    public X64Memory Address32() => new(Bits | AddressSize, Displacement);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Sib(uint @base, X64Register index, int scale) =>
        HasSib | (@base | ((uint)index & 7) << 3 | (uint)BitOperations.Log2((uint)scale) << 6) << 8 | (uint)index >> 3 << 25;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Mod(uint @base, int displacement) =>
        displacement == 0 && @base != NoBase ? NoMod : displacement == (sbyte)displacement ? Mod8 | Length8 : Mod32 | Length32;
}
