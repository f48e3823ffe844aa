using System.Buffers.Binary;
using System.Text;
using Dbt.Runtime.Machine.Devices;
using Dbt.Runtime.Machine.Sharing;

namespace Dbt.Runtime.Machine.Tests.Sharing;

public sealed class FolderServerTests : IDisposable
{
    private const byte Statfs = 8, Lopen = 12, Lcreate = 14, Symlink = 16, Mknod = 18, Readlink = 22, Getattr = 24, Setattr = 26, Readdir = 40, Fsync = 50,
        Link = 70, Mkdir = 72, Renameat = 74, Unlinkat = 76, Version = 100, Attach = 104, Walk = 110, Read = 116, Write = 118, Clunk = 120;
    private const uint Root = 1, File = 2, Other = 3;

    private readonly string _outside = Directory.CreateTempSubdirectory("dbt-share-").FullName;
    private readonly string _shared;
    private readonly FolderServer _server;

    public FolderServerTests()
    {
        _shared = Directory.CreateDirectory(Path.Combine(_outside, "shared")).FullName;
        System.IO.File.WriteAllText(Path.Combine(_outside, "secret"), "secret");
        System.IO.File.WriteAllText(Path.Combine(_shared, "hello"), "hello, guest");
        Directory.CreateDirectory(Path.Combine(_shared, "sub"));
        System.IO.File.WriteAllText(Path.Combine(_shared, "sub", "inner"), "inner");
        System.IO.File.CreateSymbolicLink(Path.Combine(_shared, "out"), "../secret");
        System.IO.File.CreateSymbolicLink(Path.Combine(_shared, "up"), "..");
        System.IO.File.CreateSymbolicLink(Path.Combine(_shared, "absolute"), _outside);
        _server = new FolderServer(_shared, isReadOnly: false);
        Start(_server);
    }

    [Fact]
    public void Files_are_found_and_read()
    {
        Assert.Equal(2 + 2 * 13, Ok(Walk, Root, File, (ushort)2, "sub", "inner").Length);
        Ok(Lopen, File, 0u);
        Assert.Equal("inner", Encoding.UTF8.GetString(Ok(Read, File, 0ul, 100u)[4..]));
        Assert.Equal("ner", Encoding.UTF8.GetString(Ok(Read, File, 2ul, 100u)[4..]));
        Ok(Clunk, File);
        Assert.Equal(9, Error(Read, File, 0ul, 100u));
    }

    [Fact]
    public void Files_are_created_written_and_have_the_permissions_asked_for()
    {
        Ok(Walk, Root, File, (ushort)0);
        Ok(Lcreate, File, "new", 2u, 0x8000u | 0xfffu, 0u);
        Assert.Equal(4u, BinaryPrimitives.ReadUInt32LittleEndian(Ok(Write, File, 3ul, 4u, "text"u8.ToArray())));
        Ok(Fsync, File, 0u);
        var path = Path.Combine(_shared, "new");
        Assert.Equal("\0\0\0text", System.IO.File.ReadAllText(path));
        // Whatever the mask of permissions is here, but nothing that would run as the owner.
        Assert.Equal(0x3ff, (int)new FileInfo(path).UnixFileMode);
        Assert.Equal(17, Error(Lcreate, Clone(Other), "new", 2u, 0x1a4u, 0u));
    }

    [Fact]
    public void Directories_are_made_listed_renamed_and_removed()
    {
        Ok(Mkdir, Root, "a", 0x1edu, 0u);
        Ok(Renameat, Root, "a", Root, "b");
        Ok(Lopen, Clone(File), 0u);
        var names = Names(Ok(Readdir, File, 0ul, 8000u));
        Assert.Equal([".", "..", "absolute", "b", "hello", "out", "sub", "up"], names.Order(StringComparer.Ordinal));
        Ok(Unlinkat, Root, "b", 0x200u);
        Assert.False(Directory.Exists(Path.Combine(_shared, "b")));
    }

    [Fact]
    public void A_long_directory_is_listed_in_pieces()
    {
        for (var i = 0; i < 200; i++)
            System.IO.File.WriteAllText(Path.Combine(_shared, "sub", $"file-{i}"), "");
        Ok(Walk, Root, File, (ushort)1, "sub");
        Ok(Lopen, File, 0u);
        var names = new List<string>();
        for (var offset = 0ul; Ok(Readdir, File, offset, 600u) is { Length: > 4 } piece;)
        {
            names.AddRange(Names(piece));
            offset = LastOffset(piece);
        }
        Assert.Equal(203, names.Distinct().Count());
        Assert.Equal(203, names.Count);
    }

    [Fact]
    public void Attributes_are_told_and_changed()
    {
        Ok(Walk, Root, File, (ushort)1, "hello");
        Ok(Setattr, File, 1u | 8u | 0x20u | 0x100u, 0x180u, 0u, 0u, 5ul, 0ul, 0ul, 1_000_000ul, 7ul);
        var path = Path.Combine(_shared, "hello");
        Assert.Equal("hello", System.IO.File.ReadAllText(path));
        Assert.Equal(0x180, (int)new FileInfo(path).UnixFileMode);
        Assert.Equal(DateTime.UnixEpoch.AddSeconds(1_000_000), System.IO.File.GetLastWriteTimeUtc(path));
        var attributes = Ok(Getattr, File, 0x7fful);
        Assert.Equal(0x8180u, BinaryPrimitives.ReadUInt32LittleEndian(attributes.AsSpan(21)));
        Assert.Equal(5ul, BinaryPrimitives.ReadUInt64LittleEndian(attributes.AsSpan(49)));
        Assert.Equal(60, Ok(Statfs, File).Length);
    }

    [Fact]
    public void Links_are_the_guests_to_follow()
    {
        Ok(Walk, Root, File, (ushort)1, "out");
        Assert.Equal("../secret", Encoding.UTF8.GetString(Ok(Readlink, File)[2..]));
        Assert.Equal(1, Error(Lopen, File, 0u));
        // The first name is found, and it leads no further.
        Assert.Equal(2 + 13, Ok(Walk, Root, Other, (ushort)2, "up", "secret").Length);
        Assert.Equal(2 + 13, Ok(Walk, Root, Other, (ushort)2, "absolute", "secret").Length);
        Assert.Equal(9, Error(Lopen, Other, 0u));
        Ok(Symlink, Root, "new", "/etc/passwd", 0u);
        Ok(Link, Root, File, "hard");
        Assert.Equal("../secret", new FileInfo(Path.Combine(_shared, "hard")).LinkTarget);
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("sub/inner")]
    [InlineData("a\0b")]
    public void Names_that_lead_elsewhere_are_none(string name)
    {
        Assert.Equal(22, Error(Walk, Root, File, (ushort)1, name));
        Assert.Equal(22, Error(Lcreate, Root, name, 2u, 0x1a4u, 0u));
        Assert.Equal(22, Error(Mkdir, Root, name, 0x1edu, 0u));
        Assert.Equal(22, Error(Mknod, Root, name, 0x81a4u, 0u, 0u, 0u));
        Assert.Equal(22, Error(Symlink, Root, name, "x", 0u));
        Assert.Equal(22, Error(Unlinkat, Root, name, 0u));
        Assert.Equal(22, Error(Renameat, Root, "hello", Root, name));
        Assert.Equal(22, Error(Renameat, Root, name, Root, "x"));
        Ok(Walk, Root, File, (ushort)1, "hello");
        Assert.Equal(22, Error(Link, Root, File, name));
        Assert.Equal("secret", System.IO.File.ReadAllText(Path.Combine(_outside, "secret")));
    }

    [Fact]
    public void Files_are_not_created_through_links()
    {
        Assert.NotEqual(0, Error(Lcreate, Clone(File), "out", 1u, 0x1a4u, 0u));
        Ok(Walk, Root, Other, (ushort)1, "up");
        Assert.NotEqual(0, Error(Lcreate, Other, "intruder", 1u, 0x1a4u, 0u));
        Assert.NotEqual(0, Error(Mkdir, Other, "intruder", 0x1edu, 0u));
        Assert.Equal(["secret", "shared"], Directory.EnumerateFileSystemEntries(_outside).Select(path => Path.GetFileName(path)).Order());
        Assert.Equal("secret", System.IO.File.ReadAllText(Path.Combine(_outside, "secret")));
    }

    [Fact]
    public void Pipes_are_made_but_not_opened_and_devices_are_not_made()
    {
        Ok(Mknod, Root, "pipe", 0x11a4u, 0u, 0u, 0u);
        Ok(Walk, Root, File, (ushort)1, "pipe");
        Assert.Equal(1, Error(Lopen, File, 0u));
        Assert.Equal(1, Error(Mknod, Root, "null", 0x21b6u, 1u, 3u, 0u));
    }

    [Fact]
    public void A_read_only_share_is_not_changed()
    {
        using var server = new FolderServer(_shared, isReadOnly: true);
        Start(server);
        int Refused(byte type, params object[] fields) => ErrorOf(Call(server, type, fields));
        Assert.Equal(30, Refused(Lcreate, Root, "x", 1u, 0x1a4u, 0u));
        Assert.Equal(30, Refused(Mkdir, Root, "x", 0x1edu, 0u));
        Assert.Equal(30, Refused(Unlinkat, Root, "hello", 0u));
        Assert.Equal(30, Refused(Setattr, Root, 1u, 0u, 0u, 0u, 0ul, 0ul, 0ul, 0ul, 0ul));
        Call(server, Walk, Root, File, (ushort)1, "hello");
        Assert.Equal(30, Refused(Lopen, File, 1u));
        Assert.Equal(30, Refused(Lopen, File, 0x200u));
        Assert.Equal(Lopen + 1, Call(server, Lopen, File, 0u)[4]);
    }

    [Fact]
    public void Unknown_files_and_requests_are_errors()
    {
        Assert.Equal(9, Error(Getattr, 99u, 0ul));
        Assert.Equal(95, Error(30, Root, File, "user.x"));
        Assert.Equal(2, Error(Walk, Root, File, (ushort)1, "missing"));
        Assert.Equal(22, Error(Walk, Root, File, (ushort)1000));
        Assert.Equal(22, Error(Walk, Root, File, (ushort)3, "sub"));
        Assert.Equal(36, Error(Walk, Root, File, (ushort)1, new string('x', 300)));
        Assert.Equal(0, _server.Serve([1, 2, 3], new byte[100]));
        Assert.Throws<DeviceException>(() => new FolderServer(Path.Combine(_shared, "hello"), isReadOnly: true));
    }

    [Fact]
    public void Nonsense_harms_nothing()
    {
        var random = new Random(9);
        var reply = new byte[9000];
        for (var i = 0; i < 40_000; i++)
        {
            var request = new byte[random.Next(80)];
            random.NextBytes(request);
            for (var at = random.Next(7); at + 4 < request.Length; at += 4)
                BinaryPrimitives.WriteUInt32LittleEndian(request.AsSpan(at), (uint)random.Next(random.Next(6) == 0 ? int.MaxValue : 5));
            if (request.Length >= 7)
            {
                BinaryPrimitives.WriteInt32LittleEndian(request, request.Length);
                request[4] = (byte)(random.Next(64) * 2);
            }
            Assert.InRange(_server.Serve(request, reply.AsSpan(0, random.Next(reply.Length))), 0, reply.Length);
        }
        Start(_server);
        Assert.Equal(["secret", "shared"], Directory.EnumerateFileSystemEntries(_outside).Select(path => Path.GetFileName(path)).Order());
    }

    public void Dispose()
    {
        _server.Dispose();
        Directory.Delete(_outside, recursive: true);
    }

    private static void Start(FolderServer server)
    {
        Assert.Equal("9P2000.L", Encoding.UTF8.GetString(Call(server, Version, 8192u, "9P2000.L")[13..]));
        Call(server, Attach, Root, uint.MaxValue, "", "", 0u);
    }

    private uint Clone(uint file)
    {
        Ok(Walk, Root, file, (ushort)0);
        return file;
    }

    private byte[] Ok(byte type, params object[] fields)
    {
        var reply = Call(_server, type, fields);
        Assert.True(reply[4] == type + 1, reply[4] == 7 ? $"error {BinaryPrimitives.ReadInt32LittleEndian(reply.AsSpan(7))}" : "another reply");
        return reply[7..];
    }

    private int Error(byte type, params object[] fields) => ErrorOf(Call(_server, type, fields));

    private static int ErrorOf(byte[] reply) => reply[4] == 7 ? BinaryPrimitives.ReadInt32LittleEndian(reply.AsSpan(7)) : 0;

    private static byte[] Call(FolderServer server, byte type, params object[] fields)
    {
        var request = new List<byte> { 0, 0, 0, 0, type, 5, 6 };
        foreach (var field in fields)
        {
            request.AddRange(field switch
            {
                ushort value => BitConverter.GetBytes(value),
                uint value => BitConverter.GetBytes(value),
                ulong value => BitConverter.GetBytes(value),
                byte[] value => value,
                string value => [.. BitConverter.GetBytes((ushort)Encoding.UTF8.GetByteCount(value)), .. Encoding.UTF8.GetBytes(value)],
                _ => throw new ArgumentException(field.GetType().Name),
            });
        }
        var bytes = request.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length);
        var reply = new byte[8192];
        var length = server.Serve(bytes, reply);
        Assert.Equal((length, (byte)5, (byte)6), (BinaryPrimitives.ReadInt32LittleEndian(reply), reply[5], reply[6]));
        return reply[..length];
    }

    private static List<string> Names(byte[] list)
    {
        var names = new List<string>();
        for (var at = 4; at < list.Length;)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(list.AsSpan(at + 22));
            names.Add(Encoding.UTF8.GetString(list, at + 24, length));
            at += 24 + length;
        }
        return names;
    }

    private static ulong LastOffset(byte[] list)
    {
        var offset = 0ul;
        for (var at = 4; at < list.Length; at += 24 + BinaryPrimitives.ReadUInt16LittleEndian(list.AsSpan(at + 22)))
            offset = BinaryPrimitives.ReadUInt64LittleEndian(list.AsSpan(at + 13));
        return offset;
    }
}
