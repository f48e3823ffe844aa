namespace Dbt.Runtime.Linux.Tracing;

/// <summary>How a call is printed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">The kind of each argument, see <see cref="ArgumentPrinter"/>.</param>
/// <param name="Result">The kind of the result: <c>int</c>, or <c>ptr</c> for hexadecimal.</param>
internal sealed record SyscallSignature(string Name, IReadOnlyList<string> Arguments, string Result)
{
    /// <summary>Reads <c>name(kind, kind) = kind</c>; the result may be left out when it is an <c>int</c>.</summary>
    /// <exception cref="FormatException">It is not of that form.</exception>
    public static SyscallSignature Parse(string line)
    {
        int open = line.IndexOf('(', StringComparison.Ordinal), close = line.IndexOf(')', StringComparison.Ordinal);
        if (open <= 0 || close < open)
            throw new FormatException($"not a signature: {line}");
        var arguments = line[(open + 1)..close].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var result = line[(close + 1)..].Trim();
        return new SyscallSignature(line[..open].Trim(), arguments, result.Length == 0 ? "int" : result.TrimStart('=').Trim());
    }
}
