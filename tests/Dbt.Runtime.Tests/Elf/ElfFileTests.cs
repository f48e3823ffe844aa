using Dbt.Runtime.Elf;
using Dbt.Runtime.Memory;
using static Dbt.Runtime.Tests.Elf.ElfBuilder;

namespace Dbt.Runtime.Tests.Elf;

public sealed class ElfFileTests
{
    [Fact]
    public void Headers_are_read()
    {
        var file = ElfFile.Parse(Program(), ElfMachine.RiscV);
        Assert.Equal(ElfFileType.Executable, file.Type);
        Assert.Equal(ElfMachine.RiscV, file.Machine);
        Assert.Equal(0x10200UL, file.Entry);
        Assert.Equal("/lib/ld", file.InterpreterPath);
        Assert.False(file.StackIsExecutable);
        Assert.Equal(4, file.Segments.Count);
        Assert.Equal(
            new ElfSegment(2, ElfSegmentType.Load, MemoryProtection.ReadWrite, 0x1000, 0x12000, 0x800, 0x3000, 0x1000) { PhysicalAddress = 0x12000 }, file.Segments[2]);
        Assert.Empty(file.ReadSections());
        Assert.Empty(file.ReadSymbols().All);
        var bytes = new byte[8];
        Assert.Equal(8, file.ReadMemory(0x10200, bytes));
        Assert.Equal(0x13, bytes[0]);
        Assert.Equal(4, file.ReadMemory(0x127FC, bytes));
        Assert.Equal(0, file.ReadMemory(0x12800, bytes));
    }

    [Theory]
    [InlineData(0, 0, "not an ELF file")]
    [InlineData(4, 1, "32-bit ELF is not supported")]
    [InlineData(4, 9, "unknown ELF class 9")]
    [InlineData(5, 2, "big-endian ELF is not supported")]
    [InlineData(6, 0, "unknown ELF version 0")]
    [InlineData(18, 62, "built for x86-64, this runs RISC-V only")]
    [InlineData(54, 32, "program headers of 32 bytes, expected 56")]
    [InlineData(57, 0xFF, "65284 program headers, at most 1170 are supported")]
    [InlineData(57, 1, "truncated: program header 108 needs 0x38 bytes at 0x17e0 of a file of 0x1800 bytes")]
    [InlineData(39, 0xFF, "truncated: program header 0 needs 0x38 bytes at 0xff00000000000040 of a file of 0x1800 bytes")]
    // The interpreter, segment 0: its offset, then its size.
    [InlineData(64 + 15, 1, "truncated: the interpreter path needs 0x8 bytes at 0x100000000000300 of a file of 0x1800 bytes")]
    [InlineData(64 + 32, 7, "an interpreter path without an end")]
    [InlineData(64 + 32, 1, "an interpreter path of 0x1 bytes")]
    [InlineData(64 + 34, 1, "an interpreter path of 0x10008 bytes")]
    // The data, segment 2: offset, address, size in the file, size in memory.
    [InlineData(176 + 10, 1, "truncated: segment 2 needs 0x800 bytes at 0x11000 of a file of 0x1800 bytes")]
    [InlineData(176 + 33, 0x31, "segment 2 has 0x3100 bytes in the file, but only 0x3000 in memory")]
    [InlineData(176 + 33, 0x30, "truncated: segment 2 needs 0x3000 bytes at 0x1000 of a file of 0x1800 bytes")]
    [InlineData(176 + 41, 0, "segment 2 has 0x800 bytes in the file, but only 0x0 in memory")]
    public void Bad_headers_are_named(int offset, byte value, string message)
    {
        var bytes = Program();
        bytes[offset] = value;
        Assert.Equal(message, Assert.Throws<ElfException>(() => ElfFile.Parse(bytes, ElfMachine.RiscV)).Message);
    }

    [Fact]
    public void A_segment_around_the_end_of_the_address_space_is_refused()
    {
        var bytes = new ElfBuilder().Segment(Load, R, 0, ulong.MaxValue - 0xFFF, 0x100, 0x2000).Build(0x1000);
        Assert.Equal(
            "segment 0 wraps around the address space: 0x2000 bytes at 0xfffffffffffff000",
            Assert.Throws<ElfException>(() => ElfFile.Parse(bytes)).Message);
    }

    [Fact]
    public void Every_truncation_is_an_error()
    {
        var whole = Program();
        for (var length = 0; length < whole.Length; length++)
        {
            var message = Assert.Throws<ElfException>(() => ElfFile.Parse(whole.AsMemory(0, length))).Message;
            Assert.StartsWith(length < 4 ? "not an ELF file" : "truncated: ", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_no_file_on_disk_is_an_error()
    {
        using var device = File.OpenHandle("/dev/null");
        Assert.StartsWith("not an", Assert.Throws<ElfException>(() => ElfFile.Parse(device)).Message, StringComparison.Ordinal);
        using var short1 = File.OpenHandle("/proc/self/status");
        Assert.StartsWith("not an", Assert.Throws<ElfException>(() => ElfFile.Parse(short1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Symbols_are_found_by_name_and_address()
    {
        var file = ElfFile.Parse(ProgramWithSymbols());
        Assert.Equal(["", ".symtab", ".strtab"], file.ReadSections().Select(s => s.Name));
        var symbols = file.ReadSymbols();
        Assert.Equal(["alias", "main", "label", "table"], symbols.All.Select(s => s.Name));
        Assert.Equal(new ElfSymbol("main", 0x10100, 0x20, IsFunction: true, IsGlobal: true), symbols.Find("main"));
        Assert.Null(symbols.Find("puts"));
        Assert.Null(symbols.Find(0x100FFUL));
        Assert.Equal("main", symbols.Find(0x10100UL)!.Name);
        Assert.Equal("main", symbols.Find(0x1011FUL)!.Name);
        Assert.Null(symbols.Find(0x10120UL));
        Assert.Equal("label", symbols.Find(0x1017FUL)!.Name);
        Assert.Equal("table", symbols.Find(0x10187UL)!.Name);
        Assert.Null(symbols.Find(ulong.MaxValue));
    }

    [Fact]
    public void Sections_have_names_and_contents()
    {
        var file = ElfFile.Parse(File.ReadAllBytes(TestGuests.PathOf("hello")), ElfMachine.RiscV);
        var text = file.ReadSections().Single(s => s.Name == ".text");
        Assert.True(text.IsExecutable);
        var inMemory = new byte[text.Size];
        Assert.Equal(inMemory.Length, file.ReadMemory(text.Address, inMemory));
        Assert.Equal(inMemory, file.ReadContents(text));
    }

    [Fact]
    public void Strings_that_overlap_without_end_are_refused()
    {
        const int Names = 100_000;
        var builder = new ElfBuilder().Contents(0x1000, [.. Enumerable.Repeat((byte)'x', Names - 1)]);
        for (var i = 0; i < 1000; i++)
            builder.Section(0, 3, 0x1000, Names);
        var bytes = builder.Build(0x1000 + Names + 1001 * SectionSize);
        Assert.Equal("a string table used over and over", Assert.Throws<ElfException>(() => ElfFile.Parse(bytes).ReadSections()).Message);
    }
}
