using System.Runtime.InteropServices;
using Dbt.Runtime.Machine.Devices;
using Microsoft.Win32.SafeHandles;

namespace Dbt.Runtime.Machine.Block;

/// <summary>
/// A disk image whose bytes are the disk's: a file, or a block device of the host. Safe from several threads. No other process may write to it
/// meanwhile, as far as the host's locks tell.
/// </summary>
internal sealed unsafe partial class RawDisk : IDisposable
{
    /// <summary>Bytes of a sector, the unit of a disk's size.</summary>
    public const int SectorSize = 512;

    private const int InterruptedCall = 4, NotSupported = 95, SeekEnd = 2;
    private const int NoWait = 8;
    private const int KeepSize = 1, PunchHole = 2, ZeroRange = 16;

    private static readonly byte[] s_zeros = GC.AllocateArray<byte>(1 << 16, pinned: true);

    private readonly SafeFileHandle _file;
    private volatile bool _flushFailed;

    private RawDisk(SafeFileHandle file, bool readOnly)
    {
        _file = file;
        IsReadOnly = readOnly;
        Sectors = Math.Max(0, Seek(file, 0, SeekEnd)) / SectorSize;
    }

    /// <summary>Whether it cannot be written.</summary>
    public bool IsReadOnly { get; }

    /// <summary>Whole sectors.</summary>
    public long Sectors { get; }

    /// <summary>Opens an image.</summary>
    /// <exception cref="DeviceException">There is none, it is in use or in another format, or the host refuses.</exception>
    public static RawDisk Open(string path, bool readOnly)
    {
        try
        {
            var file = File.OpenHandle(path, FileMode.Open, readOnly ? FileAccess.Read : FileAccess.ReadWrite, readOnly ? FileShare.Read : FileShare.None);
            if (Format(file) is { } format)
            {
                file.Dispose();
                throw new DeviceException($"{path}: this is a {format} image, and disks are raw here; convert it with 'qemu-img convert -O raw'");
            }
            return new RawDisk(file, readOnly);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DeviceException($"{path}: no such file; 'truncate -s 1G FILE' makes an empty disk", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new DeviceException($"{path}: {(Directory.Exists(path) ? "is a directory, not a disk image" : "may not be opened; is it read-only?")}", error);
        }
        catch (IOException error)
        {
            throw new DeviceException($"{path}: cannot be opened; does another machine use it? ({error.Message.TrimEnd('.')})", error);
        }
    }

    /// <summary>Reads from a place on.</summary>
    /// <param name="vectors">Where to; used up.</param>
    /// <param name="offset">Byte of the disk.</param>
    /// <returns>False when the host could not read all of it.</returns>
    public bool TryRead(Span<IoVector> vectors, long offset) => TryTransfer(vectors, offset, write: false);

    /// <summary>Reads from a place on, if the host has all of it in memory.</summary>
    /// <param name="vectors">Where to.</param>
    /// <param name="offset">Byte of the disk.</param>
    /// <param name="length">Bytes of all vectors.</param>
    /// <returns>False when it has not, or cannot tell.</returns>
    public bool TryReadNow(ReadOnlySpan<IoVector> vectors, long offset, long length)
    {
        fixed (IoVector* first = vectors)
            return ReadVectorsNow(_file, first, vectors.Length, offset, NoWait) == length;
    }

    /// <summary>Writes from a place on.</summary>
    /// <param name="vectors">Where from; used up.</param>
    /// <param name="offset">Byte of the disk.</param>
    /// <returns>False when the host could not write all of it: it is full, or broken.</returns>
    public bool TryWrite(Span<IoVector> vectors, long offset) => TryTransfer(vectors, offset, write: true);

    /// <summary>Returns when what was written is on the host's disk.</summary>
    public bool TryFlush()
    {
        // A host tells of lost writes once, and then takes them for written.
        if (!_flushFailed && Sync(_file) != 0)
            _flushFailed = true;
        return !_flushFailed;
    }

    /// <summary>Gives the room of a range back to the host, if it takes it.</summary>
    public void Discard(long offset, long length) => _ = Allocate(_file, PunchHole | KeepSize, offset, length);

    /// <summary>Makes a range zeros.</summary>
    /// <param name="offset">Its first byte.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="release">Whether its room may be given back to the host.</param>
    public bool TryWriteZeros(long offset, long length, bool release)
    {
        if (Allocate(_file, KeepSize | (release ? PunchHole : ZeroRange), offset, length) == 0)
            return true;
        if (Marshal.GetLastPInvokeError() != NotSupported)
            return false;
        fixed (byte* zeros = s_zeros)
        {
            while (length > 0)
            {
                var vector = new IoVector { Start = (nint)zeros, Length = (nuint)Math.Min(length, s_zeros.Length) };
                var step = (long)vector.Length;
                if (!TryWrite(new Span<IoVector>(ref vector), offset))
                    return false;
                (offset, length) = (offset + step, length - step);
            }
        }
        return true;
    }

    public void Dispose() => _file.Dispose();

    private static string? Format(SafeFileHandle file)
    {
        Span<byte> start = stackalloc byte[8];
        start = start[..RandomAccess.Read(file, start, 0)];
        return start.StartsWith((ReadOnlySpan<byte>)[(byte)'Q', (byte)'F', (byte)'I', 0xfb]) ? "qcow2"
            : start.StartsWith("KDMV"u8) ? "VMDK"
            : start.StartsWith("vhdxfile"u8) ? "VHDX"
            : null;
    }

    private bool TryTransfer(Span<IoVector> vectors, long offset, bool write)
    {
        while (vectors.Length > 0)
        {
            nint done;
            fixed (IoVector* first = vectors)
                done = write ? WriteVectors(_file, first, vectors.Length, offset) : ReadVectors(_file, first, vectors.Length, offset);
            if (done < 0 && Marshal.GetLastPInvokeError() == InterruptedCall)
                continue;
            if (done <= 0)
                return false;
            offset += done;
            vectors = Behind(vectors, (nuint)done);
        }
        return true;
    }

    private static Span<IoVector> Behind(Span<IoVector> vectors, nuint done)
    {
        while (vectors.Length > 0 && done >= vectors[0].Length)
        {
            done -= vectors[0].Length;
            vectors = vectors[1..];
        }
        if (done > 0)
        {
            vectors[0].Start += (nint)done;
            vectors[0].Length -= done;
        }
        return vectors;
    }

    [LibraryImport("libc", EntryPoint = "preadv", SetLastError = true)]
    private static partial nint ReadVectors(SafeFileHandle file, IoVector* vectors, int count, long offset);

    [LibraryImport("libc", EntryPoint = "preadv2")]
    private static partial nint ReadVectorsNow(SafeFileHandle file, IoVector* vectors, int count, long offset, int flags);

    [LibraryImport("libc", EntryPoint = "pwritev", SetLastError = true)]
    private static partial nint WriteVectors(SafeFileHandle file, IoVector* vectors, int count, long offset);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int Allocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(SafeFileHandle file, long offset, int origin);
}
