using System.Globalization;

namespace Dbt.Cli.Output;

/// <summary>
/// The map by which Linux's <c>perf</c> names code that is in no file: a line <c>START SIZE NAME</c> for each piece, the
/// numbers hexadecimal, in <c>/tmp/perf-PID.map</c>.
/// </summary>
internal sealed class PerfMap : ProfilerFile
{
    /// <summary>Where <c>perf</c> looks for a process's map.</summary>
    public const string Pattern = "/tmp/perf-PID.map";

    // Written through, because a guest may be killed with all of this process.
    private readonly StreamWriter _file = new(Pattern.Replace("PID", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
    {
        AutoFlush = true,
    };

    /// <inheritdoc/>
    public override void Dispose() => _file.Dispose();

    /// <inheritdoc/>
    protected override unsafe void Add(string name, byte* code, int length) =>
        _file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(ulong)code:x} {length:x} {name}"));
}
