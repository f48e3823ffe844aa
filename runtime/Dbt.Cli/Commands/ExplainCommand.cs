using System.CommandLine;
using Dbt.Cli.Errors;

namespace Dbt.Cli.Commands;

/// <summary><c>dbt explain</c>: guest code, its IL and its host code, side by side.</summary>
internal sealed class ExplainCommand : DbtCommand
{
    private readonly CodeOptions _code;

    /// <summary>Creates the command.</summary>
    public ExplainCommand()
        : base("explain", "Shows guest code with the IL and the host machine code that it becomes.")
    {
        _code = new CodeOptions(this);
        SetAction(Execute);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Line, string Meaning)> Examples =>
    [
        ("dbt explain --symbol main ./hello", "Every block of a function"),
        ("dbt explain --address 0x10400 ./hello", "The block that starts at an address"),
        ("dbt explain 00b50533 8082", "Words"),
    ];

    private int Execute(ParseResult line)
    {
        _code.Read(line);
        throw new UserException("explain", "not built yet", null, ExitCode.Failure);
    }
}
