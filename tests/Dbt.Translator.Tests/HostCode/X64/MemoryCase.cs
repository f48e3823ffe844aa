using Dbt.Translator.HostCode.X64;
using Iced.Intel;
using static Dbt.Translator.HostCode.X64.X64Register;

namespace Dbt.Translator.Tests.HostCode.X64;

/// <summary>A memory operand, and what a decoder has to say of it.</summary>
internal sealed record MemoryCase(
    X64Memory Operand, X64Register? Base, X64Register? Index, int Scale, int Displacement, Register Segment = Register.DS, bool Is32Bits = false, bool IsRipRelative = false)
{
    private static readonly int[] s_displacements = [0, 1, -1, 127, 128, -128, -129, int.MaxValue, int.MinValue];

    /// <summary>All kinds, with all registers.</summary>
    public static IReadOnlyList<MemoryCase> All { get; } = [.. WithOptions()];

    private static IEnumerable<MemoryCase> Plain()
    {
        foreach (var @base in Enum.GetValues<X64Register>())
            foreach (var displacement in s_displacements)
                yield return new(X64Memory.At(@base, displacement), @base, null, 1, displacement);
        foreach (var @base in Enum.GetValues<X64Register>())
            foreach (var index in Enum.GetValues<X64Register>().Where(r => r != Rsp))
                foreach (var scale in (int[])[1, 2, 4, 8])
                    foreach (var displacement in (int[])[0, -8, 0x12345])
                        yield return new(X64Memory.At(@base, index, scale, displacement), @base, index, scale, displacement);
        foreach (var index in Enum.GetValues<X64Register>().Where(r => r != Rsp))
            foreach (var scale in (int[])[1, 2, 4, 8])
                yield return new(X64Memory.Scaled(index, scale, scale - 4), null, index, scale, scale - 4);
        foreach (var displacement in s_displacements)
            yield return new(X64Memory.Absolute(displacement), null, null, 1, displacement);
        // The displacement is the distance from the start of the code.
        foreach (var displacement in (int[])[0, 1000, -1000, int.MaxValue, int.MinValue + 100])
            yield return new(default, null, null, 1, displacement, IsRipRelative: true);
    }

    private static IEnumerable<MemoryCase> WithOptions()
    {
        var count = 0;
        foreach (var plain in Plain())
        {
            yield return plain;
            if (count++ % 23 != 0 || plain.IsRipRelative)
                continue;
            yield return plain with { Operand = plain.Operand.InFs(), Segment = Register.FS };
            yield return plain with { Operand = plain.Operand.InGs(), Segment = Register.GS };
            if (plain.Base == null && plain.Index == null)
                continue;
            yield return plain with { Operand = plain.Operand.Address32(), Is32Bits = true };
            yield return plain with { Operand = plain.Operand.InGs().Address32(), Segment = Register.GS, Is32Bits = true };
        }
    }

    /// <summary>What differs in a decoded instruction; null if nothing does.</summary>
    public string? Difference(in Iced.Intel.Instruction decoded, ulong start)
    {
        if (IsRipRelative)
            return decoded.IsIPRelativeMemoryOperand && decoded.MemoryDisplacement64 == start + (ulong)(long)Displacement ? null : "RIP-relative";
        var size = Is32Bits ? 4 : 8;
        if (decoded.MemoryBase != Registers.General(Base, size))
            return "base";
        if (decoded.MemoryIndex != Registers.General(Index, size))
            return "index";
        if (Index != null && decoded.MemoryIndexScale != Scale)
            return "scale";
        if ((int)decoded.MemoryDisplacement64 != Displacement || !Is32Bits && (long)decoded.MemoryDisplacement64 != Displacement)
            return "displacement";
        var segment = Segment == Register.DS && Base is Rsp or Rbp ? Register.SS : Segment;
        segment = Segment is Register.FS or Register.GS ? Segment : segment;
        return decoded.MemorySegment == segment ? null : "segment";
    }
}
