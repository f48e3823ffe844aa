using System.Buffers.Binary;
using System.Text;

namespace Dbt.Isa.Tests.Objdump;

/// <summary>Writes the smallest ELF object that objdump disassembles: code, and attributes that say which extensions it has.</summary>
internal static class ObjectFile
{
    private const int RiscvMachine = 243;

    /// <param name="wordBits">32 or 64.</param>
    /// <param name="arch">As the psABI's attribute Tag_RISCV_arch.</param>
    /// <param name="code">The .text section; it starts at address 0.</param>
    public static byte[] Write(int wordBits, string arch, ReadOnlySpan<byte> code)
    {
        var names = "\0.text\0.riscv.attributes\0.shstrtab\0"u8.ToArray();
        byte[][] sections = [[], code.ToArray(), Attributes(arch), names];
        uint[] nameOffsets = [0, 1, 7, 25];
        uint[] types = [0, 1, 0x70000003, 3];
        var file = new MemoryStream();
        var wide = wordBits == 64;
        var header = new Writer(wide);
        header.Bytes([0x7f, (byte)'E', (byte)'L', (byte)'F', (byte)(wide ? 2 : 1), 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        var headerSize = wide ? 64 : 52;
        var sectionSize = wide ? 64 : 40;
        var offset = headerSize;
        var offsets = sections.Select(section => (offset += section.Length) - section.Length).ToArray();
        header.U16(1); // relocatable
        header.U16(RiscvMachine);
        header.U32(1);
        header.Word(0);
        header.Word(0);
        header.Word(offset);
        header.U32(5); // compressed code, doubles in registers
        foreach (var value in new[] { headerSize, 0, 0, sectionSize, sections.Length, 3 })
            header.U16(value);
        file.Write(header.ToArray());
        foreach (var section in sections)
            file.Write(section);
        for (var i = 0; i < sections.Length; i++)
        {
            var entry = new Writer(wide);
            entry.U32(nameOffsets[i]);
            entry.U32(types[i]);
            entry.Word(i == 1 ? 6 : 0); // code: allocated, executable
            entry.Word(0);
            entry.Word(offsets[i]);
            entry.Word(sections[i].Length);
            entry.U32(0);
            entry.U32(0);
            entry.Word(i == 1 ? 4 : i == 0 ? 0 : 1);
            entry.Word(0);
            file.Write(entry.ToArray());
        }
        return file.ToArray();
    }

    private static byte[] Attributes(string arch)
    {
        var text = Encoding.ASCII.GetBytes(arch);
        var inner = text.Length + 2 + 5;     // tag, text, zero; in a file subsection with tag and length
        var outer = inner + 4 + 6;           // length, "riscv", zero
        var writer = new Writer(false);
        writer.Bytes("A"u8);
        writer.U32((uint)outer);
        writer.Bytes("riscv\0"u8);
        writer.Bytes([1]);
        writer.U32((uint)inner);
        writer.Bytes([5]);
        writer.Bytes(text);
        writer.Bytes([0]);
        return writer.ToArray();
    }

    private sealed class Writer(bool wide)
    {
        private readonly MemoryStream _stream = new();

        public void Bytes(ReadOnlySpan<byte> bytes) => _stream.Write(bytes);

        public void U16(int value)
        {
            Span<byte> bytes = stackalloc byte[2];
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
            _stream.Write(bytes);
        }

        public void U32(uint value)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
            _stream.Write(bytes);
        }

        public void Word(long value)
        {
            U32((uint)value);
            if (wide)
                U32((uint)(value >> 32));
        }

        public byte[] ToArray() => _stream.ToArray();
    }
}
