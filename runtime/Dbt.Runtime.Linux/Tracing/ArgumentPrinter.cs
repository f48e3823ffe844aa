using System.Globalization;
using System.Text;
using Dbt.Runtime.Linux.FileSystem;
using Dbt.Runtime.Linux.Processes;
using Dbt.Runtime.Linux.Syscalls;

namespace Dbt.Runtime.Linux.Tracing;

/// <summary>
/// Prints one argument of a call by its kind: <c>int</c>, <c>size</c>, <c>hex</c>, <c>octal</c>, <c>ptr</c>, <c>fd</c>;
/// <c>at</c>: a directory descriptor; <c>path</c>: a text; <c>input</c>, <c>output</c>: a buffer as long as the next argument, or the result;
/// <c>vectors</c>, <c>pair</c> (two descriptors), <c>timespec</c>, <c>set</c> (of signals); the rest are flags or names out of a table.
/// </summary>
internal static class ArgumentPrinter
{
    // What is printed of a buffer; strace's default.
    private const int MostBytes = 32;

    private static readonly string[] Clocks =
        ["CLOCK_REALTIME", "CLOCK_MONOTONIC", "CLOCK_PROCESS_CPUTIME_ID", "CLOCK_THREAD_CPUTIME_ID", "CLOCK_MONOTONIC_RAW", "CLOCK_REALTIME_COARSE", "CLOCK_MONOTONIC_COARSE", "CLOCK_BOOTTIME"];

    private static readonly string[] Origins = ["SEEK_SET", "SEEK_CUR", "SEEK_END", "SEEK_DATA", "SEEK_HOLE"];

    private static readonly string[] Limits =
    [
        "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_CORE", "RLIMIT_RSS", "RLIMIT_NPROC", "RLIMIT_NOFILE",
        "RLIMIT_MEMLOCK", "RLIMIT_AS",
    ];

    private static readonly string[] Controls =
        ["F_DUPFD", "F_GETFD", "F_SETFD", "F_GETFL", "F_SETFL", "F_GETLK", "F_SETLK", "F_SETLKW", "F_SETOWN", "F_GETOWN"];

    private static readonly (ulong Bit, string Name)[] OpenNames =
    [
        (0x410000, "O_TMPFILE"), (0x101000, "O_SYNC"), (0x40, "O_CREAT"), (0x80, "O_EXCL"), (0x100, "O_NOCTTY"), (0x200, "O_TRUNC"),
        (0x400, "O_APPEND"), (0x800, "O_NONBLOCK"), (0x1000, "O_DSYNC"), (0x4000, "O_DIRECT"), (0x8000, "O_LARGEFILE"), (0x10000, "O_DIRECTORY"),
        (0x20000, "O_NOFOLLOW"), (0x40000, "O_NOATIME"), (0x80000, "O_CLOEXEC"), (0x200000, "O_PATH"),
    ];

    private static readonly (ulong Bit, string Name)[] ProtectionNames = [(1, "PROT_READ"), (2, "PROT_WRITE"), (4, "PROT_EXEC")];

    private static readonly (ulong Bit, string Name)[] MapNames =
    [
        (3, "MAP_SHARED_VALIDATE"), (1, "MAP_SHARED"), (2, "MAP_PRIVATE"), (0x10, "MAP_FIXED"), (0x20, "MAP_ANONYMOUS"), (0x100, "MAP_GROWSDOWN"),
        (0x800, "MAP_DENYWRITE"), (0x2000, "MAP_LOCKED"), (0x4000, "MAP_NORESERVE"), (0x8000, "MAP_POPULATE"), (0x20000, "MAP_STACK"),
        (0x40000, "MAP_HUGETLB"), (0x100000, "MAP_FIXED_NOREPLACE"),
    ];

    private static readonly (ulong Bit, string Name)[] AtNames =
        [(0x100, "AT_SYMLINK_NOFOLLOW"), (0x200, "AT_REMOVEDIR"), (0x400, "AT_SYMLINK_FOLLOW"), (0x800, "AT_NO_AUTOMOUNT"), (0x1000, "AT_EMPTY_PATH")];

    /// <summary>Prints an argument.</summary>
    /// <param name="thread">The caller.</param>
    /// <param name="kind">What the argument is.</param>
    /// <param name="value">The argument.</param>
    /// <param name="next">The argument behind it: a buffer's length.</param>
    /// <param name="result">What the call returned.</param>
    public static string Print(GuestThread thread, string kind, ulong value, ulong next, long result) => kind switch
    {
        "int" or "fd" => Number((int)value == (long)value || value <= uint.MaxValue ? (int)value : (long)value),
        "uint" or "size" => value.ToString(CultureInfo.InvariantCulture),
        "octal" => value == 0 ? "0" : $"0{Convert.ToString((long)value, 8)}",
        "ptr" => value == 0 ? "NULL" : $"0x{value:x}",
        "at" => (int)value == Host.OpenFlags.CurrentDirectory ? "AT_FDCWD" : Number((int)value),
        "path" => Path(thread, value),
        "input" => Buffer(thread, value, next),
        "output" => result < 0 ? Print(thread, "ptr", value, 0, 0) : Buffer(thread, value, (ulong)result),
        "pair" => result == 0 && thread.Memory.TryRead(value, out ulong pair) ? $"[{(int)pair}, {(int)(pair >> 32)}]" : Print(thread, "ptr", value, 0, 0),
        "vectors" => Vectors(thread, value, next),
        "timespec" => thread.Memory.TryRead(value, out Timespec time) ? $"{{{time.Seconds}, {time.Nanoseconds}}}" : Print(thread, "ptr", value, 0, 0),
        "set" => thread.Memory.TryRead(value, out ulong set) ? $"[0x{set:x}]" : Print(thread, "ptr", value, 0, 0),
        "signal" => Enum.IsDefined((Signal)(int)value) && value != 0 ? ((Signal)(int)value).ToString() : Number((int)value),
        "clock" => Name(Clocks, value),
        "whence" => Name(Origins, value),
        "limit" => Name(Limits, value),
        "fcntl" => value == 1030 ? "F_DUPFD_CLOEXEC" : Name(Controls, value),
        "open" => Flags(OpenNames, value & ~3UL, (value & 3) switch { 0 => "O_RDONLY", 1 => "O_WRONLY", 2 => "O_RDWR", _ => "3" }),
        "prot" => Flags(ProtectionNames, value, "PROT_NONE", onlyAlone: true),
        "map" => Flags(MapNames, value, "0", onlyAlone: true),
        "atflags" => Flags(AtNames, value, "0", onlyAlone: true),
        _ => $"0x{value:x}",
    };

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Name(string[] names, ulong value) => value < (ulong)names.Length ? names[value] : Number((int)value);

    private static string Flags((ulong Bit, string Name)[] names, ulong value, string first, bool onlyAlone = false)
    {
        var parts = new List<string>();
        if (!onlyAlone)
            parts.Add(first);
        foreach (var (bit, name) in names)
        {
            if ((value & bit) != bit)
                continue;
            parts.Add(name);
            value &= ~bit;
        }
        if (value != 0)
            parts.Add($"0x{value:x}");
        return parts.Count == 0 ? first : string.Join('|', parts);
    }

    private static string Path(GuestThread thread, ulong address) =>
        address == 0 ? "NULL"
        : thread.Memory.TryReadCString(address, PathResolver.MaximumLength, out var text) ? Quote(text)
        : $"0x{address:x}";

    private static string Buffer(GuestThread thread, ulong address, ulong length)
    {
        var bytes = new byte[Math.Min(length, MostBytes)];
        return thread.Memory.TryRead(address, bytes) ? Quote(bytes) + (length > MostBytes ? "..." : "") : $"0x{address:x}";
    }

    private static string Vectors(GuestThread thread, ulong address, ulong count)
    {
        const int most = 4;
        var parts = new List<string>();
        for (ulong i = 0; i < Math.Min(count, most); i++)
        {
            if (!thread.Memory.TryRead(address + 16 * i, out ulong start) || !thread.Memory.TryRead(address + 16 * i + 8, out ulong length))
                return $"0x{address:x}";
            parts.Add($"{{{Buffer(thread, start, length)}, {length}}}");
        }
        return $"[{string.Join(", ", parts)}{(count > most ? ", ..." : "")}]";
    }

    private static string Quote(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder("\"");
        for (var i = 0; i < bytes.Length; i++)
        {
            var isDigitNext = i + 1 < bytes.Length && char.IsAsciiDigit((char)bytes[i + 1]);
            _ = bytes[i] switch
            {
                (byte)'\n' => text.Append("\\n"),
                (byte)'\t' => text.Append("\\t"),
                (byte)'\r' => text.Append("\\r"),
                (byte)'"' => text.Append("\\\""),
                (byte)'\\' => text.Append("\\\\"),
                >= 0x20 and < 0x7f => text.Append((char)bytes[i]),
                var other => text.Append('\\').Append(isDigitNext ? Convert.ToString(other, 8).PadLeft(3, '0') : Convert.ToString(other, 8)),
            };
        }
        return text.Append('"').ToString();
    }
}
