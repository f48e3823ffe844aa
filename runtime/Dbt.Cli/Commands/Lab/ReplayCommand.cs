using System.CommandLine;
using System.Globalization;
using Dbt.Cli.Arguments;
using Dbt.Cli.Errors;
using Dbt.Cli.Execution;
using Dbt.Cli.Output;
using Dbt.Lab.Corpora;

namespace Dbt.Cli.Commands.Lab;

/// <summary><c>dbt lab replay</c>: recompiles and times the regions of a corpus.</summary>
internal sealed class ReplayCommand : DbtCommand
{
    /// <summary>Timed runs of a region.</summary>
    public const int StandardRuns = 25;

    private readonly Argument<string> _corpus = new("CORPUS") { Description = "What 'dbt lab capture' wrote" };

    private readonly Option<string> _engine = new("--engine") { HelpName = EngineSpec.Form, Description = $"The engine: {string.Join(", ", EngineChoice.Names)}", DefaultValueFactory = _ => EngineChoice.BestCompiler ?? EngineChoice.Default };

    private readonly ValueOption<long> _runs = Values.CountOption("--runs", $"Timed runs of each region; the fastest counts [default: {StandardRuns}]");

    private readonly Option<string?> _save = new("--save") { HelpName = "FILE", Description = "Write the figures, for 'dbt lab diff' with another build" };

    private readonly Flag _noModel = new("--no-mca", "Do not ask llvm-mca");

    /// <summary>Creates the command.</summary>
    public ReplayCommand()
        : base("replay", "Recompiles the regions of a corpus and runs them again, without the program; fails when one ends otherwise than it did.")
    {
        Add(_corpus);
        Add(_engine);
        Add(_runs);
        Add(_save);
        Add(_noModel);
        SetAction(Execute);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Line, string Meaning)> Examples =>
    [
        ("dbt lab replay sort.corpus", "Each region with the host's best compiler"),
        ("dbt lab replay sort.corpus --engine block", "With another engine"),
        ("dbt lab replay sort.corpus --save before.json", "Keep the figures, to compare those of the next build with them"),
    ];

    private int Execute(ParseResult line)
    {
        if (line.GetValue(_save) is { } path)
            OutputFile.Check(path);
        var engine = EngineSpec.Parse(line.GetRequiredValue(_engine));
        var replays = new Replays(line.GetRequiredValue(_corpus), !_noModel.IsSet(line));
        var result = replays.Run([engine], (int)(_runs.Of(line) ?? StandardRuns))[0];
        var table = TextTable.Create("Region", "#Share", "#Instructions", "#ns/insn", "#Compiled in us", "#Translations", "#Host bytes", "#mca cycles/insn");
        foreach (var region in result.Regions)
        {
            table.Add(
                region.Title,
                region.Share.ToString("p1", CultureInfo.InvariantCulture),
                region.Instructions.ToString("n0", CultureInfo.InvariantCulture),
                region.NanosecondsPerInstruction.ToString("f3", CultureInfo.InvariantCulture),
                region.CompileMicroseconds.ToString("f0", CultureInfo.InvariantCulture),
                region.Translations.ToString(CultureInfo.InvariantCulture),
                region.HostBytes.ToString("n0", CultureInfo.InvariantCulture),
                (region.PredictedCycles / region.Instructions)?.ToString("f2", CultureInfo.InvariantCulture) ?? "");
        }
        Console.Out.WriteLine($"{replays.Corpus.Program}, {engine.Text}");
        TextTable.Write(table);
        if (line.GetValue(_save) is { } file)
            OutputFile.Write(file, ResultFile.Write(result));
        return ExitCode.Success;
    }
}
