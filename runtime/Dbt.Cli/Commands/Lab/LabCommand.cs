namespace Dbt.Cli.Commands.Lab;

/// <summary><c>dbt lab</c>: compares code generators on small pieces of guest code.</summary>
internal sealed class LabCommand : DbtCommand
{
    /// <summary>As it is typed.</summary>
    public const string CommandName = "lab";

    /// <summary>Creates the command.</summary>
    public LabCommand()
        : base(CommandName, "A laboratory for code generators: what each engine, qemu and gcc make of the same code, and how fast that is.")
    {
        Capture = new CaptureCommand();
        Add(new SnippetCommand());
        Add(Capture);
        Add(new ReplayCommand());
        Add(new DiffCommand());
    }

    /// <summary>The one that runs a guest.</summary>
    public CaptureCommand Capture { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Line, string Meaning)> Examples =>
    [
        ("dbt lab snippet -e 'add a0,a0,a1; ret'", "What every compiler makes of two instructions"),
        ("dbt lab capture -o sort.corpus ./sort 1000", "Save where a program spends its time"),
        ("dbt lab replay sort.corpus --engine baseline --save before.json", "Compile and time that again, without the program"),
        ("dbt lab diff baseline block --corpus sort.corpus", "Two engines, region by region"),
        ("dbt lab diff before.json baseline --corpus sort.corpus", "The last build and this one: exit code 1 when it got slower"),
    ];
}
