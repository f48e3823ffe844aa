using System.Buffers.Binary;

namespace Dbt.Runtime.Faults;

/// <summary>Writes a short piece of machine code from bytes, with labels for short jumps.</summary>
internal sealed class StubWriter
{
    private readonly List<byte> _code = [];
    private readonly Dictionary<string, int> _labels = [];
    private readonly List<(int At, string Label)> _jumps = [];

    public void Bytes(params ReadOnlySpan<byte> bytes) => _code.AddRange(bytes);

    public void Immediate32(uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        _code.AddRange(bytes);
    }

    public void Immediate64(ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        _code.AddRange(bytes);
    }

    /// <summary>The next byte is where jumps to this label go.</summary>
    public void Label(string label) => _labels.Add(label, _code.Count);

    /// <summary>A jump with an offset of 8 bits, conditional or not by its opcode.</summary>
    public void Jump(byte opcode, string label)
    {
        _code.Add(opcode);
        _jumps.Add((_code.Count, label));
        _code.Add(0);
    }

    public byte[] ToArray()
    {
        foreach (var (at, label) in _jumps)
            _code[at] = (byte)checked((sbyte)(_labels[label] - (at + 1)));
        return [.. _code];
    }
}
