namespace Dbt.Runtime.Machine.Sharing;

/// <summary>Requests of 9P2000.L; the reply to each is one more.</summary>
internal enum MessageType : byte
{
    Error = 6,
    FileSystem = 8,
    Open = 12,
    Create = 14,
    MakeLink = 16,
    MakeNode = 18,
    ReadLink = 22,
    GetAttributes = 24,
    SetAttributes = 26,
    ReadDirectory = 40,
    Sync = 50,
    Lock = 52,
    GetLock = 54,
    Link = 70,
    MakeDirectory = 72,
    RenameAt = 74,
    UnlinkAt = 76,
    Version = 100,
    Attach = 104,
    Flush = 108,
    Walk = 110,
    Read = 116,
    Write = 118,
    Clunk = 120,
    Remove = 122,
}
