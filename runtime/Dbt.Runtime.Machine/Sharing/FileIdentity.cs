namespace Dbt.Runtime.Machine.Sharing;

/// <summary>9P's qid: what makes a file this one, and this version of it.</summary>
internal readonly record struct FileIdentity(byte Type, uint Version, ulong Path)
{
    public const byte Directory = 0x80, Link = 0x02;

    /// <summary>Bytes in a message.</summary>
    public const int Size = 13;

    /// <summary>The type that a file's mode says.</summary>
    public static byte TypeOf(uint mode) => (mode & HostStatus.TypeMask) switch
    {
        HostStatus.Directory => Directory,
        HostStatus.Link => Link,
        _ => 0,
    };
}
