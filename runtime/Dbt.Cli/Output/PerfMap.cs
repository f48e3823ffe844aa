using System.Globalization;
using Dbt.Cli.Errors;
using Dbt.Translator.Engines;

namespace Dbt.Cli.Output;

/// <summary>
/// Writes the map by which Linux's <c>perf</c> names code that is in no file: a line <c>START SIZE NAME</c> for each piece, the
/// numbers hexadecimal, in <c>/tmp/perf-PID.map</c>.
/// </summary>
internal sealed class PerfMap : ICodeListener, IDisposable
{
    private readonly StreamWriter _file;

    private PerfMap(StreamWriter file) => _file = file;

    /// <summary>Where <c>perf</c> looks for a process's map.</summary>
    public const string Pattern = "/tmp/perf-PID.map";

    private static string Path => Pattern.Replace("PID", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    /// <summary>Names a guest address: <c>main+0x1c</c>, or null. Set before the guest runs.</summary>
    public Func<ulong, string?> NameOf { get; set; } = _ => null;

    /// <summary>Creates the file.</summary>
    /// <exception cref="UserException">It cannot be written.</exception>
    public static PerfMap Create()
    {
        try
        {
            // perf may be killed, or the guest: what was written must be there.
            return new PerfMap(new StreamWriter(Path) { AutoFlush = true });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException("--perf-map", $"cannot write {Path}: {error.Message}", null, ExitCode.Failure);
        }
    }

    /// <inheritdoc/>
    public unsafe void BlockAdded(string engine, ulong pc, byte* code, int length) => Write(code, length, NameOf(pc) ?? $"0x{pc:x}", engine);

    /// <inheritdoc/>
    public unsafe void StubAdded(string engine, string name, byte* code, int length) => Write(code, length, name, engine);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private unsafe void Write(byte* code, int length, string name, string engine)
    {
        try
        {
            _file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(ulong)code:x} {length:x} {name} [{engine}]"));
        }
        catch (IOException)
        {
            // A full disk is no reason to stop the guest.
        }
    }
}
