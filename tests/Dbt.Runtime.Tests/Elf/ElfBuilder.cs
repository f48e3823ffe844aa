using static System.Buffers.Binary.BinaryPrimitives;

namespace Dbt.Runtime.Tests.Elf;

/// <summary>Builds a small ELF file in memory: the header, program headers, then contents at the offsets asked for.</summary>
internal sealed class ElfBuilder(ushort type = 2, ulong entry = 0x10078)
{
    public const int HeaderSize = 64, EntrySize = 56, SectionSize = 64;
    public const uint Load = 1, Interpreter = 3, Stack = 0x6474_E551;
    public const uint X = 1, W = 2, R = 4;

    private readonly List<byte[]> _segments = [];
    private readonly List<byte[]> _sections = [new byte[SectionSize]];
    private readonly List<(int Offset, byte[] Bytes)> _contents = [];

    public ElfBuilder Segment(uint type, uint flags, ulong offset, ulong address, ulong fileSize, ulong memorySize, ulong alignment = 0x1000)
    {
        var entry = new byte[EntrySize];
        WriteUInt32LittleEndian(entry, type);
        WriteUInt32LittleEndian(entry.AsSpan(4), flags);
        ulong[] fields = [offset, address, address, fileSize, memorySize, alignment];
        for (var i = 0; i < fields.Length; i++)
            WriteUInt64LittleEndian(entry.AsSpan(8 + i * 8), fields[i]);
        _segments.Add(entry);
        return this;
    }

    /// <summary>A section header, from number 1 on; the section headers lie at the end of the file.</summary>
    public ElfBuilder Section(uint name, uint type, ulong offset, ulong size, uint link = 0, ulong entrySize = 0)
    {
        var entry = new byte[SectionSize];
        WriteUInt32LittleEndian(entry, name);
        WriteUInt32LittleEndian(entry.AsSpan(4), type);
        WriteUInt64LittleEndian(entry.AsSpan(24), offset);
        WriteUInt64LittleEndian(entry.AsSpan(32), size);
        WriteUInt32LittleEndian(entry.AsSpan(40), link);
        WriteUInt64LittleEndian(entry.AsSpan(56), entrySize);
        _sections.Add(entry);
        return this;
    }

    /// <summary>An entry of a symbol table at an offset in the file.</summary>
    public ElfBuilder Symbol(int offset, uint name, byte info, ulong address, ulong size, ushort section = 1)
    {
        var entry = new byte[24];
        WriteUInt32LittleEndian(entry, name);
        entry[4] = info;
        WriteUInt16LittleEndian(entry.AsSpan(6), section);
        WriteUInt64LittleEndian(entry.AsSpan(8), address);
        WriteUInt64LittleEndian(entry.AsSpan(16), size);
        return Contents(offset, entry);
    }

    public ElfBuilder Contents(int offset, params byte[] bytes)
    {
        _contents.Add((offset, bytes));
        return this;
    }

    public byte[] Build(int length)
    {
        var file = new byte[length];
        byte[] identification = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        identification.CopyTo(file, 0);
        WriteUInt16LittleEndian(file.AsSpan(16), type);
        WriteUInt16LittleEndian(file.AsSpan(18), 243);
        WriteUInt32LittleEndian(file.AsSpan(20), 1);
        WriteUInt64LittleEndian(file.AsSpan(24), entry);
        WriteUInt64LittleEndian(file.AsSpan(32), HeaderSize);
        WriteUInt16LittleEndian(file.AsSpan(52), HeaderSize);
        WriteUInt16LittleEndian(file.AsSpan(54), EntrySize);
        WriteUInt16LittleEndian(file.AsSpan(56), (ushort)_segments.Count);
        for (var i = 0; i < _segments.Count; i++)
            _segments[i].CopyTo(file, HeaderSize + i * EntrySize);
        if (_sections.Count > 1)
        {
            var table = length - _sections.Count * SectionSize;
            WriteUInt64LittleEndian(file.AsSpan(40), (ulong)table);
            WriteUInt16LittleEndian(file.AsSpan(58), SectionSize);
            WriteUInt16LittleEndian(file.AsSpan(60), (ushort)_sections.Count);
            WriteUInt16LittleEndian(file.AsSpan(62), (ushort)(_sections.Count - 1));
            for (var i = 0; i < _sections.Count; i++)
                _sections[i].CopyTo(file, table + i * SectionSize);
        }
        foreach (var (offset, bytes) in _contents)
            bytes.CopyTo(file, offset);
        return file;
    }

    /// <summary>A program with symbols: see the test that uses it. Sections: 1 .symtab, 2 .strtab, which also names the sections.</summary>
    public static byte[] ProgramWithSymbols() => new ElfBuilder()
        .Segment(Load, R | X, 0, 0x10000, 0x1000, 0x1000)
        .Contents(0x400, [.. "\0.symtab\0.strtab\0main\0$xrv64\0label\0table\0alias\0puts\0main.c\0"u8])
        .Symbol(0x800, 0, 0, 0, 0, section: 0)
        .Symbol(0x818, 17, 0x12, 0x10100, 0x20)
        .Symbol(0x830, 22, 0x00, 0x10100, 0)
        .Symbol(0x848, 29, 0x00, 0x10140, 0)
        .Symbol(0x860, 35, 0x11, 0x10180, 8)
        .Symbol(0x878, 41, 0x02, 0x10100, 0x20)
        .Symbol(0x890, 47, 0x12, 0, 0, section: 0)
        .Symbol(0x8A8, 52, 0x04, 0, 0)
        .Section(1, 2, 0x800, 8 * 24, link: 2, entrySize: 24)
        .Section(9, 3, 0x400, 59)
        .Build(0x1000);

    /// <summary>Text and data with zeroed memory behind, in two pages of a file of 0x1800 bytes, and an interpreter.</summary>
    public static byte[] Program(ushort type = 2, ulong address = 0x10000) =>
        new ElfBuilder(type, address + 0x200)
            .Segment(Interpreter, R, 0x300, address + 0x300, 8, 8, 1)
            .Segment(Load, R | X, 0, address, 0x800, 0x800)
            .Segment(Load, R | W, 0x1000, address + 0x2000, 0x800, 0x3000)
            .Segment(Stack, R | W, 0, 0, 0, 0, 16)
            .Contents(0x200, 0x13, 0, 0, 0)
            .Contents(0x300, [.. "/lib/ld\0"u8])
            .Contents(0x1000, [.. Enumerable.Range(0, 0x800).Select(i => (byte)(i | 1))])
            .Build(0x1800);
}
