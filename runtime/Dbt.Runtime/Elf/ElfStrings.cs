using System.Text;

namespace Dbt.Runtime.Elf;

/// <summary>
/// A string table. All strings taken from it together may be a few times as long as the table: a hostile file could otherwise
/// have the same long string copied for every symbol.
/// </summary>
internal sealed class ElfStrings(byte[] bytes)
{
    private long _budget = 16L * bytes.Length;

    public string At(uint offset)
    {
        var end = offset < bytes.Length ? Array.IndexOf(bytes, (byte)0, (int)offset) : -1;
        if (end < 0)
            throw new ElfException($"no string at 0x{offset:x} of a string table of 0x{bytes.Length:x} bytes");
        var length = end - (int)offset;
        _budget -= length;
        return _budget >= 0 ? Encoding.UTF8.GetString(bytes, (int)offset, length) : throw new ElfException("a string table used over and over");
    }
}
