using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Dbt.Isa;
using Dbt.Runtime.Memory;

namespace Dbt.Lab.Corpora;

/// <summary>
/// The file of a corpus: eight bytes that say what it is, the format's version, the SHA-256 of the rest, and the rest, compressed.
/// Little-endian numbers.
/// </summary>
internal static class CorpusFile
{
    /// <summary>The version that is written; older ones are read.</summary>
    public const int Version = 1;

    private const int HeaderLength = 8 + sizeof(int) + SHA256.HashSizeInBytes;

    // More would not be a capture of this program's.
    private const int MostItems = 1 << 20;

    private static ReadOnlySpan<byte> Magic => "DBTLAB\r\n"u8;

    /// <summary>The file's bytes.</summary>
    public static byte[] Write(Corpus corpus)
    {
        var body = new MemoryStream();
        using (var compressed = new DeflateStream(body, CompressionLevel.Optimal, leaveOpen: true))
        using (var writer = new BinaryWriter(compressed, Encoding.UTF8))
            Write(writer, corpus);
        var file = new MemoryStream();
        file.Write(Magic);
        file.Write(BitConverter.GetBytes(Version));
        file.Write(SHA256.HashData(body.ToArray()));
        body.WriteTo(file);
        return file.ToArray();
    }

    /// <summary>Reads a file.</summary>
    /// <param name="name">What the user calls it.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="guests">The guests that this build knows.</param>
    /// <exception cref="LabException">It is no corpus, a newer one, or damaged.</exception>
    public static Corpus Read(string name, ReadOnlySpan<byte> bytes, IReadOnlyList<GuestIsa> guests)
    {
        if (bytes.Length < Magic.Length || !bytes.StartsWith(Magic))
            throw new LabException(name, "is no corpus", "'dbt lab capture' makes one");
        if (bytes.Length < HeaderLength)
            throw Damaged(name);
        var version = BitConverter.ToInt32(bytes[Magic.Length..]);
        if (version is > Version or < 1)
            throw new LabException(name, $"is a corpus of version {version}, and this dbt reads up to version {Version}", "use the dbt that captured it, or capture again");
        var body = bytes[HeaderLength..].ToArray();
        if (!SHA256.HashData(body).AsSpan().SequenceEqual(bytes[(Magic.Length + sizeof(int))..HeaderLength]))
            throw Damaged(name);
        try
        {
            using var reader = new BinaryReader(new DeflateStream(new MemoryStream(body), CompressionMode.Decompress), Encoding.UTF8);
            return Read(name, reader, guests);
        }
        catch (Exception error) when (error is EndOfStreamException or InvalidDataException or FormatException or IOException)
        {
            throw Damaged(name);
        }
    }

    private static LabException Damaged(string name) => new(name, "is damaged: its checksum does not fit", "capture it again");

    private static void Write(BinaryWriter writer, Corpus corpus)
    {
        writer.Write(corpus.Isa.Name);
        writer.Write(IsaString.Format(corpus.Isa, corpus.Extensions));
        writer.Write(corpus.Program);
        writer.Write(corpus.Regions.Count);
        foreach (var region in corpus.Regions)
        {
            writer.Write(region.Start);
            writer.Write(region.Name);
            writer.Write(region.Share);
            writer.Write(region.Instructions);
            Write(writer, region.Entry);
            writer.Write(region.EndDigest);
            writer.Write(region.Blocks.Count);
            foreach (var block in region.Blocks)
            {
                writer.Write(block.Start);
                writer.Write(block.Length);
                writer.Write(block.Count);
            }
            writer.Write(region.Pages.Count);
            foreach (var page in region.Pages)
            {
                writer.Write(page.Address);
                writer.Write((int)page.Protection);
                writer.Write(page.Bytes);
            }
        }
    }

    private static void Write(BinaryWriter writer, RegisterState state)
    {
        writer.Write(state.Pc);
        writer.Write(state.FpFlags);
        writer.Write(state.FpRounding);
        writer.Write(state.Values.Length);
        foreach (var value in state.Values)
            writer.Write(value);
    }

    private static Corpus Read(string name, BinaryReader reader, IReadOnlyList<GuestIsa> guests)
    {
        var guest = reader.ReadString();
        var isa = guests.FirstOrDefault(isa => isa.Name == guest) ?? throw new LabException(name, $"is of the guest {guest}, which this dbt does not know");
        var extensions = reader.ReadString();
        if (!IsaString.TryParse(isa, extensions, out var set, out var error))
            throw new LabException(name, $"wants extensions that this dbt does not have: {error}");
        return new Corpus(isa, set, reader.ReadString(), ReadList(reader, () => ReadRegion(name, reader, isa)));
    }

    private static CapturedRegion ReadRegion(string name, BinaryReader reader, GuestIsa isa) => new()
    {
        Start = reader.ReadUInt64(),
        Name = reader.ReadString(),
        Share = reader.ReadDouble(),
        Instructions = reader.ReadInt64(),
        Entry = ReadState(name, reader, isa),
        EndDigest = reader.ReadBytes(SHA256.HashSizeInBytes),
        Blocks = ReadList(reader, () => new CapturedBlock(reader.ReadUInt64(), reader.ReadInt32(), reader.ReadInt64())),
        Pages = ReadList(reader, () => new CapturedPage(reader.ReadUInt64(), (MemoryProtection)reader.ReadInt32(), ReadPage(reader))),
    };

    private static RegisterState ReadState(string name, BinaryReader reader, GuestIsa isa)
    {
        var (pc, flags, rounding) = (reader.ReadUInt64(), reader.ReadUInt32(), reader.ReadUInt32());
        var values = ReadList(reader, reader.ReadUInt64);
        return values.Count == RegisterState.CountOf(isa)
            ? new(pc, flags, rounding, [.. values])
            : throw new LabException(name, $"has {values.Count} registers, and {isa.Name} has {RegisterState.CountOf(isa)} here", "capture it again");
    }

    private static byte[] ReadPage(BinaryReader reader)
    {
        var bytes = reader.ReadBytes((int)GuestMemory.PageSize);
        return bytes.Length == (int)GuestMemory.PageSize ? bytes : throw new EndOfStreamException();
    }

    private static List<T> ReadList<T>(BinaryReader reader, Func<T> read)
    {
        var count = reader.ReadInt32();
        if (count is < 0 or > MostItems)
            throw new InvalidDataException();
        var items = new List<T>();
        for (var i = 0; i < count; i++)
            items.Add(read());
        return items;
    }
}
