using Dbt.Isa;
using Dbt.Runtime.Elf;
using Dbt.Runtime.Memory;
using static Dbt.Runtime.Tests.Elf.ElfBuilder;

namespace Dbt.Runtime.Tests.Elf;

public sealed class ElfLoaderTests : IDisposable
{
    private readonly GuestMemory _memory = new(1UL << 32);

    public void Dispose() => _memory.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Segments_are_mapped_with_zeros_behind(bool onDisk)
    {
        var program = Program();
        var image = WithFile(program, onDisk, file => ElfLoader.Load(file, _memory, name: "/bin/test"));
        Assert.Equal(new LoadedImage(0x10200, 0, 0x10000, 0x15000, 0x10040, 4, "/lib/ld", false), image);
        Assert.Equal(program[..0x800], Read(0x10000, 0x800));
        Assert.Equal(program[0x1000..], Read(0x12000, 0x800));
        Assert.All(Read(0x12800, 0x2800), b => Assert.Equal(0, b));
        Assert.False(_memory.IsAccessible(0x11000, 1, AccessKind.Read));
        Assert.False(_memory.IsAccessible(0x15000, 1, AccessKind.Read));
        Assert.True(_memory.IsAccessible(0x10000, 0x1000, AccessKind.Execute));
        Assert.False(_memory.IsAccessible(0x10000, 1, AccessKind.Write));
        Assert.True(_memory.IsAccessible(0x12000, 0x3000, AccessKind.Write));
        Assert.False(_memory.IsAccessible(0x12000, 1, AccessKind.Execute));
        Assert.Equal(onDisk, _memory.Find(0x10000)!.IsFile);
        Assert.Equal("/bin/test", _memory.Find(0x10000)!.Name);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(0x5555_0000UL)]
    public void Position_independent_files_go_anywhere(ulong preferred)
    {
        var program = Program(type: 3, address: 0x1000);
        var image = WithFile(program, onDisk: true, file => ElfLoader.Load(file, _memory, preferred));
        if (preferred != 0)
            Assert.Equal(preferred, image.Start);
        Assert.Equal(image.Start - 0x1000, image.Bias);
        Assert.Equal(image.Bias + 0x1200, image.Entry);
        Assert.Equal(program[..0x800], Read(image.Start, 0x800));
        Assert.Equal(3, _memory.Mappings.Count);
        // A second one must find another place.
        var second = WithFile(program, onDisk: true, file => ElfLoader.Load(file, _memory, preferred));
        Assert.True(second.Start >= image.Start + 0x5000 || second.Start + 0x5000 <= image.Start);
    }

    [Fact]
    public void Large_alignments_are_kept()
    {
        var bytes = new ElfBuilder(type: 3).Segment(Load, R, 0, 0x20_1000, 0x100, 0x100, 0x20_0000).Build(0x1000);
        var image = ElfLoader.Load(ElfFile.Parse(bytes), _memory);
        Assert.Equal(0x1000UL, image.Start % 0x20_0000);
        Assert.Single(_memory.Mappings);
    }

    [Fact]
    public void Segments_in_one_page_share_its_permissions()
    {
        var bytes = new ElfBuilder()
            .Segment(Load, R | X, 0x200, 0x10200, 0x300, 0x300)
            .Segment(Load, R | W, 0x500, 0x10500, 0x100, 0x2000)
            .Contents(0x200, 1)
            .Contents(0x5FF, 2, 3)
            .Build(0x1000);
        WithFile(bytes, onDisk: true, file => ElfLoader.Load(file, _memory));
        Assert.True(_memory.IsAccessible(0x10000, 0x1000, AccessKind.Execute));
        Assert.True(_memory.IsAccessible(0x10000, 0x3000, AccessKind.Write));
        Assert.False(_memory.IsAccessible(0x11000, 1, AccessKind.Execute));
        Assert.Equal(1, Read(0x10200, 1)[0]);
        Assert.Equal(new byte[] { 2, 0 }, Read(0x105FF, 2));
    }

    [Fact]
    public void Misaligned_segments_are_copied()
    {
        var bytes = new ElfBuilder().Segment(Load, R, 0x123, 0x20456, 0x100, 0x100, 1).Contents(0x123, 42).Build(0x1000);
        WithFile(bytes, onDisk: true, file => ElfLoader.Load(file, _memory));
        Assert.Equal(42, Read(0x20456, 1)[0]);
        Assert.False(_memory.Find(0x20456)!.IsFile);
    }

    [Fact]
    public void Read_only_segments_have_zeros_behind_too()
    {
        var bytes = new ElfBuilder().Segment(Load, R, 0, 0x10000, 0x400, 0x800).Contents(0x400, 42).Build(0x1000);
        WithFile(bytes, onDisk: true, file => ElfLoader.Load(file, _memory));
        Assert.Equal(0, Read(0x10400, 1)[0]);
        Assert.False(_memory.IsAccessible(0x10000, 1, AccessKind.Write));
    }

    [Theory]
    [InlineData(1, "an object file, which must be linked first")]
    [InlineData(4, "not a program")]
    public void Only_programs_are_loaded(ushort type, string message) =>
        Assert.Equal(message, Assert.Throws<ElfException>(() => ElfLoader.Load(ElfFile.Parse(Program(type)), _memory)).Message);

    [Fact]
    public void What_does_not_fit_is_named_and_leaves_nothing_behind()
    {
        Refuse(new ElfBuilder(), "no segments to load");
        Refuse(
            new ElfBuilder().Segment(Load, R, 0, 0x10000, 0x100, 0x2000).Segment(Load, R, 0, 0x11000, 0x100, 0x100),
            "segments 0 and 1 overlap at 0x11000");
        Refuse(
            new ElfBuilder().Segment(Load, R, 0, 0xFFFF_F000, 0x100, 0x2000),
            "segment 0 lies outside of the guest's address space: 0xfffff000-0x100001000 of 0x100000000");
        Refuse(
            new ElfBuilder(type: 3).Segment(Load, R, 0, 0, 0x100, 0xFFFF_0000),
            "no room for 0xffff0000 bytes in the guest's address space");
        Refuse(
            new ElfBuilder(type: 3).Segment(Load, R, 0, 0, 0x100, 0x100, 1UL << 40),
            "segment 0 wants an alignment of 0x10000000000");
        Assert.Empty(_memory.Mappings);

        Assert.Equal(MemoryError.None, _memory.Map(0x20000, 0x1000, MemoryProtection.Read, MapFlags.Fixed, out _));
        Refuse(
            new ElfBuilder().Segment(Load, R, 0, 0x10000, 0x100, 0x100).Segment(Load, R, 0, 0x1F000, 0x100, 0x2000),
            "segment 1 (0x2000 bytes at 0x1f000) lies where something is mapped already");
        Assert.Single(_memory.Mappings);
    }

    [Fact]
    public void The_memory_limit_holds()
    {
        using var small = new GuestMemory(1UL << 30, limit: 0x2000);
        var error = Assert.Throws<ElfException>(() => ElfLoader.Load(ElfFile.Parse(Program()), small));
        Assert.Equal("segment 2 (0x3000 bytes at 0x12000) does not fit into the guest's memory limit of 0x2000 bytes", error.Message);
        Assert.Equal(0UL, small.Charged);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("static/exceptions")]
    [InlineData("static-pie/hello")]
    [InlineData("dynamic/hello-libc")]
    public void Compiled_programs_are_loaded_as_they_are(string name)
    {
        var bytes = File.ReadAllBytes(TestGuests.PathOf(name));
        using var handle = File.OpenHandle(TestGuests.PathOf(name));
        var file = ElfFile.Parse(handle, ElfMachine.RiscV);
        var image = ElfLoader.Load(file, _memory);
        Assert.Equal(name.StartsWith("dynamic", StringComparison.Ordinal) ? "/lib/ld-linux-riscv64-lp64d.so.1" : null, image.InterpreterPath);
        Assert.Equal(file.Type == ElfFileType.Dynamic, image.Bias != 0);
        foreach (var segment in file.Segments.Where(s => s.Type == ElfSegmentType.Load))
        {
            Assert.Equal(
                bytes.AsSpan((int)segment.Offset, (int)segment.FileSize).ToArray(),
                Read(segment.Address + image.Bias, (int)segment.FileSize));
            Assert.Equal(segment.Protection, _memory.Find(segment.Address + image.Bias)!.Protection);
        }
        Assert.True(_memory.IsAccessible(image.Entry, 4, AccessKind.Execute));
        Assert.Equal(
            bytes.AsSpan((int)file.ProgramHeaderOffset, image.ProgramHeaderCount * ElfSegment.EntrySize).ToArray(),
            Read(image.ProgramHeaders, image.ProgramHeaderCount * ElfSegment.EntrySize));
    }

    private void Refuse(ElfBuilder builder, string message) =>
        Assert.Equal(message, Assert.Throws<ElfException>(() => ElfLoader.Load(ElfFile.Parse(builder.Build(0x1000)), _memory)).Message);

    private byte[] Read(ulong address, int length)
    {
        var bytes = new byte[length];
        Assert.True(_memory.TryRead(address, bytes));
        return bytes;
    }

    private static LoadedImage WithFile(byte[] bytes, bool onDisk, Func<ElfFile, LoadedImage> load)
    {
        if (!onDisk)
            return load(ElfFile.Parse(bytes));
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, bytes);
            using var handle = File.OpenHandle(path);
            return load(ElfFile.Parse(handle));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
