using System.Text;

namespace Dbt.Cli.Output;

/// <summary>Standard error that costs nothing until something is written: Console takes milliseconds of a short run.</summary>
internal sealed class StandardError : TextWriter
{
    private TextWriter? _console;

    private StandardError()
    {
    }

    /// <summary>The only one.</summary>
    public static StandardError Instance { get; } = new();

    /// <inheritdoc/>
    public override Encoding Encoding => Encoding.UTF8;

    private TextWriter Writer => _console ??= Console.Error;

    /// <inheritdoc/>
    public override void Write(char value) => Writer.Write(value);

    /// <inheritdoc/>
    public override void Write(string? value) => Writer.Write(value);

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Writer.WriteLine(value);

    /// <inheritdoc/>
    public override void Flush() => _console?.Flush();
}
