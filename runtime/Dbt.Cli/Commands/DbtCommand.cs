using System.CommandLine;

namespace Dbt.Cli.Commands;

/// <summary>A command of <c>dbt</c>.</summary>
/// <param name="name">As it is typed.</param>
/// <param name="description">What it does, in one sentence.</param>
internal abstract class DbtCommand(string name, string description) : Command(name, description)
{
    /// <summary>Command lines to start from, each with what it does. Shown by <c>--help</c>.</summary>
    public abstract IReadOnlyList<(string Line, string Meaning)> Examples { get; }

    /// <summary>How the command is typed, where the library's own line would mislead.</summary>
    public virtual string? Usage => null;
}
