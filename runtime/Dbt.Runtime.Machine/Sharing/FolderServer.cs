using System.Buffers.Binary;
using Dbt.Runtime.Machine.Devices;
using Microsoft.Win32.SafeHandles;

namespace Dbt.Runtime.Machine.Sharing;

/// <summary>
/// Serves a directory of the host by 9P2000.L (the protocol of Linux's v9fs). The guest has the rights of this process beneath the directory,
/// and none outside: each name is looked up in its directory's descriptor, links are the guest's to follow, devices and pipes are not opened.
/// One request at a time.
/// </summary>
internal sealed class FolderServer : IDisposable
{
    /// <summary>The largest message.</summary>
    public const int LargestMessage = 1 << 19;

    private const int HeaderSize = 7, ReadHeaderSize = HeaderSize + sizeof(uint);
    private const int MostFiles = 1 << 14, MostNames = 16, LongestName = 255, LongestLink = 4095;

    // Permissions and the sticky bit. What would run as the owner on the host, is not made there.
    private const uint ModeMask = 0x3ff;

    private readonly SafeFileHandle _root;
    private readonly bool _isReadOnly;
    private readonly Dictionary<uint, OpenFile> _files = [];
    private readonly byte[] _entries = new byte[1 << 15];
    private uint _largest = LargestMessage;

    /// <summary>Shares a directory.</summary>
    /// <exception cref="DeviceException">There is none.</exception>
    public FolderServer(string directory, bool isReadOnly)
    {
        if (HostFiles.OpenRoot(directory, out _root) < 0)
            throw new DeviceException($"{directory}: cannot be shared: it is no directory, or may not be entered");
        _isReadOnly = isReadOnly;
    }

    /// <summary>Answers a request.</summary>
    /// <param name="request">A message; hostile.</param>
    /// <param name="reply">Receives the answer.</param>
    /// <returns>Bytes of the answer; 0: the request is none that could be answered.</returns>
    public int Serve(ReadOnlySpan<byte> request, Span<byte> reply)
    {
        var reader = new MessageReader(request);
        var length = reader.Word();
        var type = (MessageType)reader.Byte();
        var tag = reader.Half();
        if (reader.IsBroken || length > (uint)request.Length || reply.Length < ReadHeaderSize)
            return 0;
        reader = new MessageReader(request[HeaderSize..Math.Max(HeaderSize, (int)length)]);
        var writer = new MessageWriter(reply[HeaderSize..Math.Min(reply.Length, (int)_largest)]);
        var error = Dispatch(type, ref reader, ref writer);
        if (error >= 0 && (reader.IsBroken || writer.IsFull))
            error = HostFiles.Invalid;
        if (error < 0)
        {
            type = MessageType.Error;
            writer = new MessageWriter(reply[HeaderSize..]);
            writer.Word((uint)-error);
        }
        var header = new MessageWriter(reply);
        header.Word((uint)(HeaderSize + writer.Length));
        header.Byte((byte)(type + 1));
        header.Half(tag);
        return HeaderSize + writer.Length;
    }

    /// <summary>Forgets all files of the guest.</summary>
    public void Reset()
    {
        foreach (var file in _files.Values)
            file.Dispose();
        _files.Clear();
        _largest = LargestMessage;
    }

    public void Dispose()
    {
        Reset();
        _root.Dispose();
    }

    private int Dispatch(MessageType type, ref MessageReader reader, ref MessageWriter writer)
    {
        switch (type)
        {
            case MessageType.Version:
                return AgreeOnVersion(ref reader, ref writer);
            case MessageType.Attach:
                return Attach(ref reader, ref writer);
            case MessageType.Flush:
                return 0;
        }
        var number = reader.Word();
        if (!_files.TryGetValue(number, out var file))
            return HostFiles.BadDescriptor;
        return type switch
        {
            MessageType.Walk => Walk(number, file, ref reader, ref writer),
            MessageType.Clunk => Forget(number, 0),
            // Who removes by fid forgets it, whatever comes of it; names are removed in their directories.
            MessageType.Remove => Forget(number, HostFiles.NotSupported),
            MessageType.GetAttributes => GetAttributes(file, ref writer),
            MessageType.FileSystem => GetFileSystem(file, ref writer),
            MessageType.Open => Open(file, ref reader, ref writer),
            MessageType.Read => Read(file, ref reader, ref writer),
            MessageType.ReadDirectory => ReadDirectory(file, ref reader, ref writer),
            MessageType.ReadLink => ReadLink(file, ref writer),
            MessageType.Sync => Sync(file, ref reader),
            MessageType.Lock => Lock(ref writer),
            MessageType.GetLock => GetLock(ref reader, ref writer),
            _ when _isReadOnly => HostFiles.ReadOnly,
            MessageType.Create => Create(file, ref reader, ref writer),
            MessageType.Write => Write(file, ref reader, ref writer),
            MessageType.SetAttributes => SetAttributes(file, ref reader),
            MessageType.MakeDirectory or MessageType.MakeNode or MessageType.MakeLink => Make(type, file, ref reader, ref writer),
            MessageType.Link => Link(file, ref reader),
            MessageType.RenameAt => Rename(file, ref reader),
            MessageType.UnlinkAt => Unlink(file, ref reader),
            _ => HostFiles.NotSupported,
        };
    }

    private int AgreeOnVersion(ref MessageReader reader, ref MessageWriter writer)
    {
        const uint smallest = 4096;
        var largest = reader.Word();
        var version = reader.Text();
        Reset();
        if (largest < smallest)
            return HostFiles.Invalid;
        _largest = Math.Min(largest, LargestMessage);
        writer.Word(_largest);
        writer.Text(version.SequenceEqual("9P2000.L"u8) ? version : "unknown"u8);
        return 0;
    }

    private int Attach(ref MessageReader reader, ref MessageWriter writer)
    {
        var number = reader.Word();
        if (_files.ContainsKey(number) || reader.IsBroken)
            return HostFiles.Invalid;
        if (HostFiles.Duplicate(_root, out var root) is < 0 and var error)
            return error;
        return Add(number, root, ref writer);
    }

    private int Walk(uint number, OpenFile start, ref MessageReader reader, ref MessageWriter writer)
    {
        var target = reader.Word();
        var count = reader.Half();
        if (reader.IsBroken || count > MostNames || target != number && _files.ContainsKey(target))
            return HostFiles.Invalid;
        if (_files.Count >= MostFiles)
            return HostFiles.TooManyFiles;
        if (HostFiles.Duplicate(start.Name, out var current) is < 0 and var error)
            return error;
        Span<byte> buffer = stackalloc byte[LongestName + 1];
        Span<FileIdentity> found = stackalloc FileIdentity[MostNames];
        for (var i = 0; i < count; i++)
        {
            error = Name(reader.Text(), buffer, out var name);
            var next = current;
            if (error >= 0)
                error = HostFiles.Find(current, name, out next);
            if (error >= 0)
            {
                current.Dispose();
                current = next;
                error = Identify(current, out found[i]);
            }
            if (error >= 0)
                continue;
            // Who gets part of the way is told how far, and where that led is not kept.
            current.Dispose();
            if (i == 0)
                return error;
            WriteIdentities(found[..i], ref writer);
            return 0;
        }
        if (target == number)
            start.Dispose();
        _files[target] = new OpenFile(current);
        WriteIdentities(found[..count], ref writer);
        return 0;
    }

    private static void WriteIdentities(scoped ReadOnlySpan<FileIdentity> identities, ref MessageWriter writer)
    {
        writer.Half((ushort)identities.Length);
        foreach (ref readonly var identity in identities)
            writer.Identity(identity);
    }

    private int Forget(uint number, int result)
    {
        if (_files.Remove(number, out var file))
            file.Dispose();
        return result;
    }

    private int Open(OpenFile file, ref MessageReader reader, ref MessageWriter writer)
    {
        var flags = (int)reader.Word();
        if (HostFiles.Status(file.Name, out var status) is < 0 and var error)
            return error;
        flags &= HostFiles.AccessMask | HostFiles.Truncate;
        if (flags != HostFiles.ReadOnlyAccess && _isReadOnly)
            return HostFiles.ReadOnly;
        if (file.Content is not null)
            return HostFiles.Invalid;
        // Opening a pipe or a device does something on the host.
        if ((status.Mode & HostStatus.TypeMask) is not (HostStatus.Regular or HostStatus.Directory))
            return HostFiles.NotPermitted;
        error = HostFiles.Reopen(file.Name, flags, out var opened);
        if (error < 0)
            return error;
        file.Content = opened;
        writer.Identity(status.Identity);
        writer.Word(0);
        return 0;
    }

    private int Create(OpenFile file, ref MessageReader reader, ref MessageWriter writer)
    {
        Span<byte> buffer = stackalloc byte[LongestName + 1];
        if (Name(reader.Text(), buffer, out var name) is < 0 and var error)
            return error;
        var flags = (int)reader.Word() & HostFiles.AccessMask;
        var mode = reader.Word() & ModeMask;
        if (reader.IsBroken)
            return HostFiles.Invalid;
        // What is there already is found, not created: it may be a device.
        error = HostFiles.CreateFile(file.Name, name, flags | HostFiles.Exclusive, mode, out var created);
        if (error < 0)
            return error;
        // The guest has applied its own mask of permissions; the host's is none of its business.
        _ = HostFiles.SetMode(created, mode);
        var number = _files.First(entry => entry.Value == file).Key;
        file.Dispose();
        _files[number] = new OpenFile(created) { Content = created };
        if (Identify(created, out var identity) is < 0 and var unknown)
            return unknown;
        writer.Identity(identity);
        writer.Word(0);
        return 0;
    }

    private int Make(MessageType type, OpenFile directory, ref MessageReader reader, ref MessageWriter writer)
    {
        Span<byte> buffer = stackalloc byte[LongestName + 1];
        Span<byte> link = stackalloc byte[LongestLink + 1];
        if (Name(reader.Text(), buffer, out var name) is < 0 and var error)
            return error;
        uint mode = 0;
        if (type == MessageType.MakeLink)
        {
            error = Terminated(reader.Text(), link, out var target);
            if (error >= 0)
                error = HostFiles.MakeLink(target, directory.Name, name);
        }
        else
        {
            mode = reader.Word();
            var kind = mode & HostStatus.TypeMask;
            mode &= ModeMask;
            error = reader.IsBroken ? HostFiles.Invalid
                : type == MessageType.MakeDirectory ? HostFiles.MakeDirectory(directory.Name, name, mode)
                : kind is HostStatus.Regular or HostStatus.Fifo or HostStatus.Socket ? HostFiles.MakeNode(directory.Name, name, kind | mode)
                : HostFiles.NotPermitted;
        }
        if (error >= 0)
            error = HostFiles.Find(directory.Name, name, out var made) is < 0 and var missing ? missing : Describe(made, type, mode, ref writer);
        return error;
    }

    private static int Describe(SafeFileHandle made, MessageType type, uint mode, ref MessageWriter writer)
    {
        using (made)
        {
            if (type != MessageType.MakeLink)
                _ = HostFiles.SetMode(made, mode);
            var error = Identify(made, out var identity);
            writer.Identity(identity);
            return error;
        }
    }

    private int Read(OpenFile file, ref MessageReader reader, ref MessageWriter writer)
    {
        var offset = reader.Long();
        var count = reader.Word();
        if (file.Content is not { } content)
            return HostFiles.BadDescriptor;
        if (reader.IsBroken || offset > long.MaxValue || writer.Rest.Length < sizeof(uint))
            return HostFiles.Invalid;
        var data = writer.Rest[sizeof(uint)..];
        var read = HostFiles.Read(content, data[..(int)Math.Min(count, (uint)data.Length)], offset);
        if (read < 0)
            return read;
        writer.Word((uint)read);
        writer.Commit(read);
        return 0;
    }

    private static int Write(OpenFile file, ref MessageReader reader, ref MessageWriter writer)
    {
        var offset = reader.Long();
        var data = reader.Take(reader.Word());
        if (file.Content is not { } content)
            return HostFiles.BadDescriptor;
        if (reader.IsBroken || offset > long.MaxValue)
            return HostFiles.Invalid;
        var written = HostFiles.Write(content, data, offset);
        if (written < 0)
            return written;
        writer.Word((uint)written);
        return 0;
    }

    // Entries as the host's kernel has them: number, offset of the next, length, type, name.
    private int ReadDirectory(OpenFile file, ref MessageReader reader, ref MessageWriter writer)
    {
        const int numberOffset = 0, nextOffset = 8, lengthOffset = 16, typeOffset = 18, nameOffset = 19;
        var offset = reader.Long();
        var count = reader.Word();
        if (file.Content is not { } content)
            return HostFiles.BadDescriptor;
        if (reader.IsBroken || offset > long.MaxValue || writer.Rest.Length < sizeof(uint))
            return HostFiles.Invalid;
        var read = HostFiles.ReadDirectory(content, offset, _entries);
        if (read < 0)
            return read;
        var room = writer.Rest[sizeof(uint)..];
        var list = new MessageWriter(room[..(int)Math.Min(count, (uint)room.Length)]);
        for (var entries = _entries.AsSpan(0, read); entries.Length >= nameOffset;)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(entries[lengthOffset..]);
            var name = entries[nameOffset..length];
            name = name[..name.IndexOf((byte)0)];
            if (list.Rest.Length < FileIdentity.Size + sizeof(ulong) + 1 + sizeof(ushort) + name.Length)
                break;
            var type = entries[typeOffset];
            list.Identity(new FileIdentity(FileIdentity.TypeOf((uint)type << 12), 0, BinaryPrimitives.ReadUInt64LittleEndian(entries[numberOffset..])));
            list.Long(BinaryPrimitives.ReadUInt64LittleEndian(entries[nextOffset..]));
            list.Byte(type);
            list.Text(name);
            entries = entries[length..];
        }
        writer.Word((uint)list.Length);
        writer.Commit(list.Length);
        return 0;
    }

    private static int ReadLink(OpenFile file, ref MessageWriter writer)
    {
        Span<byte> text = stackalloc byte[LongestLink];
        var length = HostFiles.ReadLink(file.Name, text);
        if (length < 0)
            return length;
        writer.Text(text[..length]);
        return 0;
    }

    private static int GetAttributes(OpenFile file, ref MessageWriter writer)
    {
        const ulong basic = 0x7ff;
        if (HostFiles.Status(file.Name, out var status) is < 0 and var error)
            return error;
        writer.Long(basic);
        writer.Identity(status.Identity);
        writer.Word(status.Mode);
        writer.Word(status.User);
        writer.Word(status.Group);
        writer.Long(status.Links);
        writer.Long((ulong)status.DeviceFileMajor << 8 | status.DeviceFileMinor);
        writer.Long(status.Size);
        writer.Long(status.BlockSize);
        writer.Long(status.Blocks);
        foreach (var time in (ReadOnlySpan<HostStatus.Time>)[status.Access, status.Modification, status.Change, status.Birth])
        {
            writer.Long((ulong)time.Seconds);
            writer.Long(time.Nanoseconds);
        }
        writer.Long(0); // generation
        writer.Long(0); // data version
        return 0;
    }

    private static int SetAttributes(OpenFile file, ref MessageReader reader)
    {
        const uint mode = 1, user = 2, group = 4, size = 8, access = 0x10, modification = 0x20, accessSet = 0x80, modificationSet = 0x100;
        const long now = (1 << 30) - 1, unchanged = (1 << 30) - 2;
        var valid = reader.Word();
        var newMode = reader.Word() & ModeMask;
        var newUser = reader.Word();
        var newGroup = reader.Word();
        var newSize = reader.Long();
        Span<long> times = [(long)reader.Long(), (long)reader.Long(), (long)reader.Long(), (long)reader.Long()];
        if (reader.IsBroken)
            return HostFiles.Invalid;
        var error = 0;
        if ((valid & (user | group)) != 0)
        {
            error = HostFiles.SetOwner(file.Name, (valid & user) != 0 ? newUser : uint.MaxValue, (valid & group) != 0 ? newGroup : uint.MaxValue);
            // Files belong to whoever runs the machine, unless that is root: as a guest's root, others expect to be let.
            if (error == HostFiles.NotPermitted)
                error = 0;
        }
        if (error >= 0 && (valid & size) != 0)
            error = newSize > long.MaxValue ? HostFiles.Invalid : HostFiles.SetLength(file.Name, newSize);
        if (error >= 0 && (valid & mode) != 0)
            error = HostFiles.SetMode(file.Name, newMode);
        if (error < 0 || (valid & (access | modification)) == 0)
            return error;
        if ((valid & accessSet) == 0 || (valid & access) == 0)
            times[1] = (valid & access) != 0 ? now : unchanged;
        if ((valid & modificationSet) == 0 || (valid & modification) == 0)
            times[3] = (valid & modification) != 0 ? now : unchanged;
        return HostFiles.SetTimes(file.Name, times);
    }

    private static int GetFileSystem(OpenFile file, ref MessageWriter writer)
    {
        const uint magic = 0x0102_1997;
        Span<ulong> status = stackalloc ulong[15];
        if (HostFiles.FileSystem(file.Name, status) is < 0 and var error)
            return error;
        writer.Word(magic);
        writer.Word((uint)status[1]);
        foreach (var value in status[2..8])
            writer.Long(value);
        writer.Word(LongestName);
        return 0;
    }

    private static int Sync(OpenFile file, ref MessageReader reader) =>
        file.Content is { } content ? HostFiles.Sync(content, reader.Word() != 0) : HostFiles.BadDescriptor;

    // The guest's kernel keeps its locks; the host does not take part.
    private static int Lock(ref MessageWriter writer)
    {
        writer.Byte(0);
        return 0;
    }

    private static int GetLock(ref MessageReader reader, ref MessageWriter writer)
    {
        const byte unlocked = 2;
        reader.Byte();
        writer.Byte(unlocked);
        writer.Long(reader.Long());
        writer.Long(reader.Long());
        writer.Word(reader.Word());
        writer.Text(reader.Text());
        return 0;
    }

    private int Link(OpenFile directory, ref MessageReader reader)
    {
        Span<byte> buffer = stackalloc byte[LongestName + 1];
        if (!_files.TryGetValue(reader.Word(), out var file))
            return HostFiles.BadDescriptor;
        return Name(reader.Text(), buffer, out var name) is < 0 and var error ? error : HostFiles.Link(file.Name, directory.Name, name);
    }

    private int Rename(OpenFile directory, ref MessageReader reader)
    {
        Span<byte> buffer = stackalloc byte[LongestName + 1], newBuffer = stackalloc byte[LongestName + 1];
        if (Name(reader.Text(), buffer, out var name) is < 0 and var error)
            return error;
        if (!_files.TryGetValue(reader.Word(), out var newDirectory))
            return HostFiles.BadDescriptor;
        return Name(reader.Text(), newBuffer, out var newName) is < 0 and var newError ? newError : HostFiles.Rename(directory.Name, name, newDirectory.Name, newName);
    }

    private static int Unlink(OpenFile directory, ref MessageReader reader)
    {
        const uint removeDirectory = 0x200;
        Span<byte> buffer = stackalloc byte[LongestName + 1];
        return Name(reader.Text(), buffer, out var name) is < 0 and var error ? error : HostFiles.Remove(directory.Name, name, (reader.Word() & removeDirectory) != 0);
    }

    private int Add(uint number, SafeFileHandle name, ref MessageWriter writer)
    {
        _files[number] = new OpenFile(name);
        var error = Identify(name, out var identity);
        writer.Identity(identity);
        return error;
    }

    private static int Identify(SafeFileHandle file, out FileIdentity identity)
    {
        var error = HostFiles.Status(file, out var status);
        identity = status.Identity;
        return error;
    }

    // One component: with more, or with none, a name would lead elsewhere.
    private static int Name(ReadOnlySpan<byte> text, Span<byte> buffer, out ReadOnlySpan<byte> name)
    {
        name = default;
        if (text.IsEmpty || text.Contains((byte)'/') || text.SequenceEqual("."u8) || text.SequenceEqual(".."u8))
            return HostFiles.Invalid;
        return Terminated(text, buffer, out name);
    }

    private static int Terminated(ReadOnlySpan<byte> text, Span<byte> buffer, out ReadOnlySpan<byte> terminated)
    {
        terminated = default;
        if (text.IsEmpty || text.Contains((byte)0))
            return HostFiles.Invalid;
        if (text.Length >= buffer.Length)
            return HostFiles.NameTooLong;
        text.CopyTo(buffer);
        buffer[text.Length] = 0;
        terminated = buffer[..(text.Length + 1)];
        return 0;
    }
}
