using System.Buffers.Binary;

namespace Dbt.Runtime.Machine.Boot;

/// <summary>The header of a Linux kernel in the form <c>Image</c> (Linux, Documentation/arch/riscv/boot-image-header.rst).</summary>
/// <param name="Offset">Where it wants to be, from the beginning of RAM.</param>
/// <param name="Length">Bytes of memory that it needs there: its own and what it clears.</param>
internal sealed record KernelImage(ulong Offset, ulong Length)
{
    private const int HeaderLength = 64;

    /// <summary>Reads the header.</summary>
    /// <exception cref="BootException">It is none, or is wrong.</exception>
    public static KernelImage Read(ReadOnlySpan<byte> file)
    {
        if (file.Length >= 2 && file[0] == 0x1F && file[1] == 0x8B)
            throw new BootException("the kernel is compressed with gzip: decompress it first (gunzip -c FILE > Image)");
        if (file.Length < HeaderLength || !file[0x38..0x3C].SequenceEqual("RSC\x05"u8))
            throw new BootException("the kernel is neither a RISC-V Linux Image (the bytes RSC\\x05 are not at 0x38) nor an ELF file");
        var offset = BinaryPrimitives.ReadUInt64LittleEndian(file[8..]);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(file[16..]);
        if (offset % 0x1000 != 0 || offset > 1UL << 40 || length > 1UL << 40)
            throw new BootException($"the kernel's header asks for 0x{length:x} bytes at offset 0x{offset:x}: it is damaged");
        return new(offset, Math.Max(length, (ulong)file.Length));
    }
}
