using Microsoft.Win32.SafeHandles;

namespace Dbt.Runtime.Elf;

/// <summary>The bytes of a file, in memory or on disk. Reading what is not there is an <see cref="ElfException"/>.</summary>
internal sealed class ElfSource
{
    private readonly ReadOnlyMemory<byte> _bytes;

    public ElfSource(ReadOnlyMemory<byte> bytes)
    {
        _bytes = bytes;
        Length = (ulong)bytes.Length;
    }

    public ElfSource(SafeFileHandle file)
    {
        File = file;
        try
        {
            Length = (ulong)RandomAccess.GetLength(file);
        }
        catch (Exception e) when (e is IOException or NotSupportedException or UnauthorizedAccessException)
        {
            throw new ElfException("not a regular file");
        }
    }

    /// <summary>The file on disk; null when the bytes are in memory.</summary>
    public SafeFileHandle? File { get; }

    /// <summary>Bytes in the file when it was opened.</summary>
    public ulong Length { get; }

    /// <summary>Throws when the file is too short for a range.</summary>
    public void Require(ulong offset, ulong length, string what)
    {
        if (offset > Length || length > Length - offset)
            throw new ElfException($"truncated: {what} needs 0x{length:x} bytes at 0x{offset:x} of a file of 0x{Length:x} bytes");
    }

    public void Read(ulong offset, Span<byte> destination, string what)
    {
        Require(offset, (ulong)destination.Length, what);
        if (File is null)
        {
            _bytes.Span.Slice((int)offset, destination.Length).CopyTo(destination);
            return;
        }
        try
        {
            while (!destination.IsEmpty)
            {
                var read = RandomAccess.Read(File, destination, (long)offset);
                if (read == 0)
                    throw new ElfException($"truncated: the file became shorter while {what} was read");
                destination = destination[read..];
                offset += (ulong)read;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ElfException($"cannot be read: {e.Message}");
        }
    }

    public byte[] Read(ulong offset, ulong length, string what)
    {
        Require(offset, length, what);
        if (length > (ulong)Array.MaxLength)
            throw new ElfException($"{what} is too large: 0x{length:x} bytes");
        var bytes = new byte[length];
        Read(offset, bytes, what);
        return bytes;
    }
}
