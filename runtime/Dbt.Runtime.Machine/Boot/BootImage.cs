using Dbt.Runtime.Elf;
using Dbt.Runtime.Machine.Bus;

namespace Dbt.Runtime.Machine.Boot;

/// <summary>A program to put into RAM before the machine starts: firmware, or a kernel.</summary>
internal sealed class BootImage
{
    private readonly List<(ulong Address, ReadOnlyMemory<byte> Bytes, ulong Length)> _pieces = [];

    private BootImage(string name, ulong entry) => (Name, Entry) = (name, entry);

    /// <summary>What it is, for messages.</summary>
    public string Name { get; }

    /// <summary>Address of the first instruction.</summary>
    public ulong Entry { get; }

    /// <summary>Address of the first byte that it needs.</summary>
    public ulong Start => _pieces.Min(piece => piece.Address);

    /// <summary>Address behind the last byte that it needs.</summary>
    public ulong End => _pieces.Max(piece => piece.Address + piece.Length);

    /// <summary>Where it writes what it wants of a host that watches it (the symbol <c>tohost</c>); null when it does not.</summary>
    public ulong? ToHost { get; private init; }

    /// <summary>Reads firmware: an ELF file, or bytes for the beginning of RAM.</summary>
    /// <exception cref="BootException">It is none.</exception>
    public static BootImage ReadFirmware(ReadOnlyMemory<byte> file, ulong ramStart)
    {
        if (IsElf(file.Span))
            return ReadElf("firmware", file, ramStart);
        if (file.IsEmpty)
            throw new BootException("the firmware is empty");
        var image = new BootImage("firmware", ramStart);
        image._pieces.Add((ramStart, file, (ulong)file.Length));
        return image;
    }

    /// <summary>Reads a kernel: a Linux Image, or a program in an ELF file.</summary>
    /// <exception cref="BootException">It is none.</exception>
    public static BootImage ReadKernel(ReadOnlyMemory<byte> file, ulong ramStart)
    {
        if (IsElf(file.Span))
            return ReadElf("kernel", file, ramStart);
        var header = KernelImage.Read(file.Span);
        var image = new BootImage("kernel", ramStart + header.Offset);
        image._pieces.Add((image.Entry, file, header.Length));
        return image;
    }

    /// <summary>Puts it into RAM.</summary>
    /// <exception cref="BootException">It does not fit.</exception>
    public void Load(PhysicalMemory memory)
    {
        foreach (var (address, bytes, length) in _pieces)
            if (!memory.IsRam(address, length) || !memory.TryWrite(address, bytes.Span))
                throw new BootException($"the {Name} needs 0x{length:x} bytes at 0x{address:x}, RAM is 0x{memory.RamStart:x} to 0x{memory.RamStart + memory.RamLength - 1:x}: give the machine more memory, or link the {Name} for it");
    }

    private static bool IsElf(ReadOnlySpan<byte> file) => file.StartsWith("\u007fELF"u8);

    private static BootImage ReadElf(string name, ReadOnlyMemory<byte> file, ulong ramStart)
    {
        try
        {
            var elf = ElfFile.Parse(file, ElfMachine.RiscV);
            var segments = elf.Segments.Where(segment => segment.Type == ElfSegmentType.Load && segment.MemorySize > 0).ToArray();
            if (segments.Length == 0)
                throw new BootException($"the {name} is an ELF file with nothing to load");
            // What runs anywhere is linked for 0.
            var bias = elf.Type == ElfFileType.Dynamic ? ramStart - segments.Min(segment => segment.PhysicalAddress) : 0;
            // Entry is virtual; a program finds itself where its segment is loaded.
            var first = segments.FirstOrDefault(segment => elf.Entry - segment.Address < segment.MemorySize)
                ?? throw new BootException($"the {name} begins at 0x{elf.Entry:x}, which it does not load");
            var image = new BootImage(name, elf.Entry - first.Address + first.PhysicalAddress + bias) { ToHost = elf.ReadSymbols().Find("tohost")?.Address + bias };
            foreach (var segment in segments)
                image._pieces.Add((segment.PhysicalAddress + bias, file.Slice((int)segment.Offset, (int)segment.FileSize), segment.MemorySize));
            return image;
        }
        catch (ElfException error)
        {
            throw new BootException($"the {name} cannot be used: {error.Message}");
        }
    }
}
