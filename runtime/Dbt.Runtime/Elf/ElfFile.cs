using System.Text;
using Dbt.Runtime.Memory;
using Microsoft.Win32.SafeHandles;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Dbt.Runtime.Elf;

/// <summary>
/// A 64-bit little-endian ELF file: its headers, and on request its sections and symbols. Trusts nothing in the file:
/// what does not fit together is an <see cref="ElfException"/>, and nothing else is ever thrown.
/// </summary>
public sealed class ElfFile
{
    private const int HeaderSize = 64;

    // Linux's limit, which keeps a hostile file from having us read for long.
    private const int MaximumProgramHeaders = 65536 / ElfSegment.EntrySize;
    private const int MaximumPath = 4096;

    private readonly byte[] _header;

    private ElfFile(ElfSource source, ElfMachine? machine)
    {
        Source = source;
        _header = ReadHeader(source);
        Type = (ElfFileType)ReadUInt16LittleEndian(_header.AsSpan(16));
        Machine = (ElfMachine)ReadUInt16LittleEndian(_header.AsSpan(18));
        Entry = ReadUInt64LittleEndian(_header.AsSpan(24));
        ProgramHeaderOffset = ReadUInt64LittleEndian(_header.AsSpan(32));
        Flags = ReadUInt32LittleEndian(_header.AsSpan(48));
        if (machine is { } expected && Machine != expected)
            throw new ElfException($"built for {Describe(Machine)}, this runs {Describe(expected)} only");
        Segments = ReadSegments();
        InterpreterPath = ReadInterpreterPath();
    }

    /// <summary>What kind of file it is.</summary>
    public ElfFileType Type { get; }

    /// <summary>The processor it is for.</summary>
    public ElfMachine Machine { get; }

    /// <summary>Flags of that processor (e_flags).</summary>
    public uint Flags { get; }

    /// <summary>Address of the first instruction, without load bias.</summary>
    public ulong Entry { get; }

    /// <summary>Where the program headers are in the file.</summary>
    public ulong ProgramHeaderOffset { get; }

    /// <summary>All program headers, in the file's order. Those to load are known to lie in the file.</summary>
    public IReadOnlyList<ElfSegment> Segments { get; }

    /// <summary>The program that loads this one, as the file names it; null when it needs none.</summary>
    public string? InterpreterPath { get; }

    /// <summary>Whether the file asks for a stack that can be executed.</summary>
    public bool StackIsExecutable => LastOf(ElfSegmentType.Stack)?.Protection.HasFlag(MemoryProtection.Execute) ?? false;

    internal ElfSource Source { get; }

    /// <summary>Reads the headers of a file in memory.</summary>
    /// <param name="bytes">The whole file; must stay as it is.</param>
    /// <param name="machine">The processor it must be for; null for any.</param>
    /// <exception cref="ElfException">It is no usable ELF file.</exception>
    public static ElfFile Parse(ReadOnlyMemory<byte> bytes, ElfMachine? machine = null) => new(new ElfSource(bytes), machine);

    /// <summary>Reads the headers of a file on disk.</summary>
    /// <param name="file">The open file; must stay open as long as the result is used.</param>
    /// <param name="machine">The processor it must be for; null for any.</param>
    /// <exception cref="ElfException">It is no usable ELF file.</exception>
    public static ElfFile Parse(SafeFileHandle file, ElfMachine? machine = null) => new(new ElfSource(file), machine);

    /// <summary>
    /// Copies bytes at a virtual address out of the loadable segments' part of the file; returns how many there were before the
    /// segment's bytes in the file end, 0 when no segment has the address.
    /// </summary>
    /// <exception cref="ElfException">The file cannot be read.</exception>
    public int ReadMemory(ulong address, Span<byte> destination)
    {
        foreach (var segment in Segments)
        {
            if (segment.Type != ElfSegmentType.Load || address < segment.Address || address - segment.Address >= segment.FileSize)
                continue;
            var skipped = address - segment.Address;
            var length = (int)Math.Min((ulong)destination.Length, segment.FileSize - skipped);
            Source.Read(segment.Offset + skipped, destination[..length], $"segment {segment.Index}");
            return length;
        }
        return 0;
    }

    /// <summary>Reads the section headers: empty when the file has none.</summary>
    /// <exception cref="ElfException">They do not lie in the file or make no sense.</exception>
    public IReadOnlyList<ElfSection> ReadSections()
    {
        var offset = ReadUInt64LittleEndian(_header.AsSpan(40));
        int size = ReadUInt16LittleEndian(_header.AsSpan(58)), count = ReadUInt16LittleEndian(_header.AsSpan(60));
        var names = ReadUInt16LittleEndian(_header.AsSpan(62));
        if (count == 0)
            return [];
        if (size != ElfSection.HeaderSize)
            throw new ElfException($"section headers of {size} bytes, expected {ElfSection.HeaderSize}");
        var table = Source.Read(offset, (ulong)count * ElfSection.HeaderSize, "the section header table");
        var sections = new ElfSection[count];
        for (var i = 0; i < count; i++)
        {
            var entry = table.AsSpan(i * ElfSection.HeaderSize, ElfSection.HeaderSize);
            sections[i] = new ElfSection(
                Name: "",
                Type: ReadUInt32LittleEndian(entry[4..]),
                Flags: ReadUInt64LittleEndian(entry[8..]),
                Address: ReadUInt64LittleEndian(entry[16..]),
                Offset: ReadUInt64LittleEndian(entry[24..]),
                Size: ReadUInt64LittleEndian(entry[32..]),
                Link: ReadUInt32LittleEndian(entry[40..]),
                EntrySize: ReadUInt64LittleEndian(entry[56..]));
        }
        if (names != 0)
        {
            var strings = ReadStrings(sections, names);
            for (var i = 0; i < count; i++)
                sections[i] = sections[i] with { Name = strings.At(ReadUInt32LittleEndian(table.AsSpan(i * ElfSection.HeaderSize))) };
        }
        return sections;
    }

    /// <summary>The bytes of a section; none for one that is only memory.</summary>
    /// <exception cref="ElfException">They do not lie in the file.</exception>
    public byte[] ReadContents(ElfSection section) =>
        section.Type == ElfSection.ZeroedMemory ? [] : Source.Read(section.Offset, section.Size, $"section {section.Name}");

    /// <summary>Reads the symbols of .symtab and .dynsym that name addresses; empty when the file has none.</summary>
    /// <exception cref="ElfException">They do not lie in the file or make no sense.</exception>
    public ElfSymbolTable ReadSymbols()
    {
        var sections = ReadSections();
        var symbols = new HashSet<ElfSymbol>();
        foreach (var section in sections)
            if (section.Type is ElfSection.SymbolTable or ElfSection.DynamicSymbolTable)
                ReadSymbols(sections, section, symbols);
        return new ElfSymbolTable(symbols);
    }

    private void ReadSymbols(IReadOnlyList<ElfSection> sections, ElfSection section, HashSet<ElfSymbol> symbols)
    {
        const int EntrySize = 24;
        const int NoType = 0, Function = 2, IndirectFunction = 10, Global = 1;
        if (section.EntrySize != EntrySize)
            throw new ElfException($"symbols of {section.EntrySize} bytes in {section.Name}, expected {EntrySize}");
        var strings = ReadStrings(sections, section.Link);
        var table = Source.Read(section.Offset, section.Size, $"section {section.Name}");
        for (var at = 0; at <= table.Length - EntrySize; at += EntrySize)
        {
            var entry = table.AsSpan(at, EntrySize);
            var name = strings.At(ReadUInt32LittleEndian(entry));
            int type = entry[4] & 15, binding = entry[4] >> 4;
            var isUndefined = ReadUInt16LittleEndian(entry[6..]) == 0;
            // Of the rest, types above 2 are sections, files and offsets into thread-local memory; names with $ mark what is code and data.
            if (isUndefined || name.Length == 0 || type is > Function and not IndirectFunction || type == NoType && name[0] == '$')
                continue;
            symbols.Add(new ElfSymbol(
                name, ReadUInt64LittleEndian(entry[8..]), ReadUInt64LittleEndian(entry[16..]), type is Function or IndirectFunction, binding >= Global));
        }
    }

    private static byte[] ReadHeader(ElfSource source)
    {
        const int ClassAt = 4, DataAt = 5, VersionAt = 6;
        var identification = new byte[16];
        if (source.Length < 4)
            throw new ElfException(source.Length == 0 ? "not an ELF file: it is empty" : "not an ELF file");
        source.Read(0, identification.AsSpan(0, 4), "the ELF header");
        if (!identification.AsSpan(0, 4).SequenceEqual("\u007fELF"u8))
            throw new ElfException("not an ELF file");
        source.Read(0, identification, "the ELF header");
        switch (identification[ClassAt])
        {
            case 2:
                break;
            case 1:
                throw new ElfException("32-bit ELF is not supported");
            default:
                throw new ElfException($"unknown ELF class {identification[ClassAt]}");
        }
        if (identification[DataAt] != 1)
            throw new ElfException(identification[DataAt] == 2 ? "big-endian ELF is not supported" : $"unknown ELF byte order {identification[DataAt]}");
        if (identification[VersionAt] != 1)
            throw new ElfException($"unknown ELF version {identification[VersionAt]}");
        return source.Read(0, HeaderSize, "the ELF header");
    }

    private ElfSegment[] ReadSegments()
    {
        int size = ReadUInt16LittleEndian(_header.AsSpan(54)), count = ReadUInt16LittleEndian(_header.AsSpan(56));
        if (count == 0)
            return [];
        if (size != ElfSegment.EntrySize)
            throw new ElfException($"program headers of {size} bytes, expected {ElfSegment.EntrySize}");
        if (count > MaximumProgramHeaders)
            throw new ElfException($"{count} program headers, at most {MaximumProgramHeaders} are supported");
        var segments = new ElfSegment[count];
        var entry = new byte[ElfSegment.EntrySize];
        for (var i = 0; i < count; i++)
        {
            // Header by header, so that a truncated table is reported by the first one that is missing.
            if (ulong.MaxValue - ProgramHeaderOffset < (ulong)(i + 1) * ElfSegment.EntrySize)
                throw new ElfException($"program headers at 0x{ProgramHeaderOffset:x}, outside of any file");
            Source.Read(ProgramHeaderOffset + (ulong)i * ElfSegment.EntrySize, entry, $"program header {i}");
            segments[i] = Check(new ElfSegment(
                i,
                (ElfSegmentType)ReadUInt32LittleEndian(entry),
                ToProtection(ReadUInt32LittleEndian(entry.AsSpan(4))),
                Offset: ReadUInt64LittleEndian(entry.AsSpan(8)),
                Address: ReadUInt64LittleEndian(entry.AsSpan(16)),
                FileSize: ReadUInt64LittleEndian(entry.AsSpan(32)),
                MemorySize: ReadUInt64LittleEndian(entry.AsSpan(40)),
                Alignment: ReadUInt64LittleEndian(entry.AsSpan(48)))
            {
                PhysicalAddress = ReadUInt64LittleEndian(entry.AsSpan(24)),
            });
        }
        return segments;
    }

    private ElfSegment Check(ElfSegment segment)
    {
        if (segment.Type != ElfSegmentType.Load)
            return segment;
        var what = $"segment {segment.Index}";
        if (segment.FileSize > segment.MemorySize)
            throw new ElfException($"{what} has 0x{segment.FileSize:x} bytes in the file, but only 0x{segment.MemorySize:x} in memory");
        if (segment.MemorySize > ulong.MaxValue - segment.Address)
            throw new ElfException($"{what} wraps around the address space: 0x{segment.MemorySize:x} bytes at 0x{segment.Address:x}");
        Source.Require(segment.Offset, segment.FileSize, what);
        return segment;
    }

    private ElfSegment? FirstOf(ElfSegmentType type)
    {
        foreach (var segment in Segments)
            if (segment.Type == type)
                return segment;
        return null;
    }

    private ElfSegment? LastOf(ElfSegmentType type)
    {
        ElfSegment? last = null;
        foreach (var segment in Segments)
            if (segment.Type == type)
                last = segment;
        return last;
    }

    private string? ReadInterpreterPath()
    {
        if (FirstOf(ElfSegmentType.Interpreter) is not { } segment)
            return null;
        if (segment.FileSize is < 2 or > MaximumPath)
            throw new ElfException($"an interpreter path of 0x{segment.FileSize:x} bytes");
        var path = Source.Read(segment.Offset, segment.FileSize, "the interpreter path");
        var end = 0;
        while (end < path.Length && path[end] != 0)
            end++;
        return end > 0 && end < path.Length ? Encoding.UTF8.GetString(path, 0, end) : throw new ElfException("an interpreter path without an end");
    }

    private ElfStrings ReadStrings(IReadOnlyList<ElfSection> sections, uint index)
    {
        if (index >= sections.Count || sections[(int)index].Type != ElfSection.StringTable)
            throw new ElfException($"section {index} should hold strings");
        return new ElfStrings(Source.Read(sections[(int)index].Offset, sections[(int)index].Size, $"section {index}"));
    }

    // PF_X, PF_W and PF_R are bits 0 to 2.
    private static MemoryProtection ToProtection(uint flags) =>
        ((flags & 4) != 0 ? MemoryProtection.Read : 0) | ((flags & 2) != 0 ? MemoryProtection.Write : 0) | ((flags & 1) != 0 ? MemoryProtection.Execute : 0);

    private static string Describe(ElfMachine machine) => machine switch
    {
        ElfMachine.X86 => "32-bit x86",
        ElfMachine.Mips => "MIPS",
        ElfMachine.PowerPc64 => "64-bit PowerPC",
        ElfMachine.S390 => "IBM Z",
        ElfMachine.Arm => "32-bit Arm",
        ElfMachine.X64 => "x86-64",
        ElfMachine.Arm64 => "AArch64",
        ElfMachine.RiscV => "RISC-V",
        ElfMachine.LoongArch => "LoongArch",
        _ => $"machine {(ushort)machine}",
    };
}
