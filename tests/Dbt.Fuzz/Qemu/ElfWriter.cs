using System.Buffers.Binary;

namespace Dbt.Fuzz.Qemu;

/// <summary>Writes the least that is a static program: a header and two segments, code and data, which may be executed, too.</summary>
internal static class ElfWriter
{
    private const int Page = 4096;
    private const ushort Executable = 2;
    private const ushort RiscV = 243;
    private const uint LoadSegment = 1;
    private const uint ReadExecute = 5;
    private const uint Everything = 7;

    // Compressed instructions, and arguments in double-precision registers.
    private const uint Flags = 5;

    /// <summary>The bytes of a program that starts at its code's first instruction. Both addresses must be multiples of the page size.</summary>
    public static byte[] Write(int wordBits, ulong codeAddress, ReadOnlySpan<byte> code, ulong dataAddress, ReadOnlySpan<byte> data)
    {
        var wide = wordBits == 64;
        var (headerSize, entrySize) = wide ? (64, 56) : (52, 32);
        var dataOffset = Page + (code.Length + Page - 1 & -Page);
        var file = new byte[dataOffset + data.Length];
        var writer = new FieldWriter(file, wide);
        writer.Bytes([0x7F, (byte)'E', (byte)'L', (byte)'F', (byte)(wide ? 2 : 1), 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        writer.Half(Executable);
        writer.Half(RiscV);
        writer.Word(1);
        writer.Address(codeAddress);
        writer.Address((ulong)headerSize);
        writer.Address(0);
        writer.Word(Flags);
        writer.Half((ushort)headerSize);
        writer.Half((ushort)entrySize);
        writer.Half(2);
        writer.Half(0);
        writer.Half(0);
        writer.Half(0);
        writer.Segment(LoadSegment, ReadExecute, Page, codeAddress, (ulong)code.Length);
        writer.Segment(LoadSegment, Everything, (ulong)dataOffset, dataAddress, (ulong)data.Length);
        code.CopyTo(file.AsSpan(Page));
        data.CopyTo(file.AsSpan(dataOffset));
        return file;
    }

    private ref struct FieldWriter(Span<byte> file, bool wide)
    {
        private readonly Span<byte> _file = file;
        private int _at;

        public void Bytes(scoped ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_file[_at..]);
            _at += bytes.Length;
        }

        public void Half(ushort value)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(_file[_at..], value);
            _at += sizeof(ushort);
        }

        public void Word(uint value)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_file[_at..], value);
            _at += sizeof(uint);
        }

        public void Address(ulong value)
        {
            if (!wide)
            {
                Word((uint)value);
                return;
            }
            BinaryPrimitives.WriteUInt64LittleEndian(_file[_at..], value);
            _at += sizeof(ulong);
        }

        // The flags stand where alignment wants them, which differs.
        public void Segment(uint type, uint flags, ulong offset, ulong address, ulong length)
        {
            Word(type);
            if (wide)
                Word(flags);
            Address(offset);
            Address(address);
            Address(address);
            Address(length);
            Address(length);
            if (!wide)
                Word(flags);
            Address(Page);
        }
    }
}
