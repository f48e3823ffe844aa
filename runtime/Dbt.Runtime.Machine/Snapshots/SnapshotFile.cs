using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Dbt.Runtime.Machine.Snapshots;

/// <summary>
/// A snapshot in a file: a mark and a version, parts with their names, versions and lengths, and the SHA-256 of all that. It appears under its
/// name when all of it is on the disk, and it is checked before anything of it is taken up.
/// </summary>
public static class SnapshotFile
{
    /// <summary>The version of the format that is written. All up to it are read.</summary>
    public const uint FormatVersion = 1;

    private const int HeaderSize = 16, HashSize = SHA256.HashSizeInBytes;

    private static ReadOnlySpan<byte> Mark => "dbt snap"u8;

    /// <summary>Writes a snapshot, in place of what has that name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="machine">What it is of: version and options. Only the same is restored from it.</param>
    /// <param name="parts">Its parts.</param>
    /// <exception cref="SnapshotException">The host does not take it. What was there is still there.</exception>
    public static void Save(string path, string machine, IEnumerable<ISnapshotable> parts)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(parts);
        var temporary = path + ".new";
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            {
                Write(file, machine, parts);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Remove(temporary);
            throw new SnapshotException($"{path}: the snapshot cannot be written: {error.Message.TrimEnd('.')}", error);
        }
        catch
        {
            Remove(temporary);
            throw;
        }
    }

    /// <summary>Restores a machine from a snapshot.</summary>
    /// <param name="path">The file.</param>
    /// <param name="machine">What it has to be of.</param>
    /// <param name="parts">The parts of the machine, which must be those of the snapshot.</param>
    /// <exception cref="SnapshotException">There is none, or it is cut off, damaged, newer than this program, or of another machine.</exception>
    public static void Load(string path, string machine, IEnumerable<ISnapshotable> parts)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(parts);
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read);
            Check(path, file);
            file.Position = HeaderSize;
            Restore(path, file, machine, parts.ToDictionary(part => part.SnapshotName));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SnapshotException($"{path}: the snapshot cannot be read: {error.Message.TrimEnd('.')}", error);
        }
    }

    private static void Write(FileStream file, string machine, IEnumerable<ISnapshotable> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var hashed = new HashedStream(file, hash);
        Span<byte> header = stackalloc byte[HeaderSize];
        header.Clear();
        Mark.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], FormatVersion);
        hashed.Write(header);
        var writer = new SnapshotWriter(hashed);
        writer.Write(machine);
        foreach (var part in parts)
        {
            using var content = new MemoryStream();
            part.Save(new SnapshotWriter(content));
            writer.Write(part.SnapshotName);
            writer.Write((uint)part.SnapshotVersion);
            writer.Write((ulong)content.Length);
            content.WriteTo(hashed);
        }
        file.Write(hash.GetHashAndReset());
    }

    private static void Check(string path, FileStream file)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        if (file.Length < HeaderSize + HashSize || file.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) < HeaderSize || !header.StartsWith(Mark))
            throw new SnapshotException($"{path}: this is no snapshot, or it is cut off");
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) is var version && version > FormatVersion)
            throw new SnapshotException($"{path}: the snapshot was written by a newer version of this program (format {version}; this one reads up to {FormatVersion})");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        var buffer = new byte[1 << 16];
        for (var left = file.Length - HeaderSize - HashSize; left > 0;)
        {
            var step = (int)Math.Min(left, buffer.Length);
            file.ReadExactly(buffer, 0, step);
            hash.AppendData(buffer, 0, step);
            left -= step;
        }
        Span<byte> expected = stackalloc byte[HashSize];
        file.ReadExactly(expected);
        if (!expected.SequenceEqual(hash.GetHashAndReset()))
            throw new SnapshotException($"{path}: the snapshot is cut off or damaged: its checksum is another");
    }

    private static void Restore(string path, FileStream file, string machine, Dictionary<string, ISnapshotable> parts)
    {
        var end = file.Length - HashSize;
        var reader = new SnapshotReader(file, end - HeaderSize);
        var of = reader.ReadText();
        if (of != machine)
            throw new SnapshotException($"{path}: the snapshot is of a machine '{of}', not '{machine}'");
        // All parts are looked at before the first is taken up.
        var found = new List<(ISnapshotable Part, int Version, long Start, long Length)>();
        while (file.Position < end)
        {
            reader = new SnapshotReader(file, end - file.Position);
            var name = reader.ReadText();
            var version = (int)reader.ReadUInt32();
            var length = (long)reader.ReadUInt64();
            if (!parts.Remove(name, out var part))
                throw new SnapshotException($"{path}: the snapshot has a part '{name}', which this machine does not have");
            if (version > part.SnapshotVersion)
                throw new SnapshotException($"{path}: '{name}' was written by a newer version of this program (version {version}; this one reads up to {part.SnapshotVersion})");
            found.Add((part, version, file.Position, length));
            file.Position += length;
        }
        if (parts.Count > 0)
            throw new SnapshotException($"{path}: the snapshot has no part '{parts.Keys.Order(StringComparer.Ordinal).First()}'");
        foreach (var (part, version, start, length) in found)
        {
            file.Position = start;
            reader = new SnapshotReader(file, length);
            try
            {
                part.Load(reader, version);
                if (reader.Left != 0)
                    throw SnapshotReader.Broken();
            }
            catch (SnapshotException error)
            {
                throw new SnapshotException($"{path}: {error.Message}", error);
            }
        }
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Why the snapshot failed says more.
        }
    }

    // Only written to, from front to back.
    private sealed class HashedStream(Stream target, IncrementalHash hash) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => target.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            hash.AppendData(buffer);
            target.Write(buffer);
        }
    }
}
