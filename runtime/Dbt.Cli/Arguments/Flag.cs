using System.CommandLine;

namespace Dbt.Cli.Arguments;

/// <summary>An option without a value.</summary>
/// <remarks>
/// Options here are of type string: Option of a value type is code of another assembly that ReadyToRun cannot compile
/// ahead, and compiling it costs each run milliseconds.
/// </remarks>
internal sealed class Flag : Option<string>
{
    /// <summary>Creates the option.</summary>
    public Flag(string name, string description)
        : base(name)
    {
        Description = description;
        Arity = ArgumentArity.Zero;
    }

    /// <summary>Whether it is on the command line.</summary>
    public bool IsSet(ParseResult line) => line.GetResult(this) is not null;
}
