using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Dbt.Cli.Commands;

namespace Dbt.Cli.Output;

/// <summary>The library's help page, followed by the command's examples.</summary>
/// <param name="standard">Writes the library's page.</param>
internal sealed class HelpWithExamples(HelpAction standard) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <summary>The command with its parents, as it is typed.</summary>
    public static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : "dbt";

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        var page = new StringWriter();
        parseResult.InvocationConfiguration.Output = page;
        standard.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output = output;

        var command = parseResult.CommandResult.Command as DbtCommand;
        output.WriteLine(WithUsage(page.ToString(), command?.Usage).TrimEnd());
        output.WriteLine();
        output.WriteLine("Examples:");
        foreach (var (line, meaning) in command?.Examples ?? RootExamples)
        {
            output.WriteLine($"  # {meaning}");
            output.WriteLine($"  {line}");
        }
        return 0;
    }

    private static (string Line, string Meaning)[] RootExamples =>
    [
        ("dbt run ./hello a b", "Run a riscv64 Linux program"),
        ("dbt disasm --symbol main ./hello", "Print one of its functions"),
        ("dbt explain --symbol main ./hello", "The same with the IL and the host code that it becomes"),
        ("dbt isa", "What is implemented"),
    ];

    // The library always puts options last, also where everything after the program is the guest's.
    private static string WithUsage(string page, string? usage)
    {
        const string title = "Usage:\n  ";
        var start = page.IndexOf(title, StringComparison.Ordinal);
        if (usage is null || start < 0)
            return page;
        start += title.Length;
        var end = page.IndexOf('\n', start);
        return string.Concat(page.AsSpan(0, start), usage, page.AsSpan(end));
    }
}
