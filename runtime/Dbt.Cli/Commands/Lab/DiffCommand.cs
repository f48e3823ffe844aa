using System.CommandLine;
using System.Globalization;
using Dbt.Cli.Arguments;
using Dbt.Cli.Code;
using Dbt.Cli.Errors;
using Dbt.Cli.Output;
using Dbt.Lab.Corpora;

namespace Dbt.Cli.Commands.Lab;

/// <summary><c>dbt lab diff</c>: two engines, option sets or builds, region by region.</summary>
internal sealed class DiffCommand : DbtCommand
{
    private const double StandardThreshold = 0.1;

    private readonly Argument<string> _a = new("A") { Description = $"What is compared with: {EngineSpec.Form}, or a file that 'dbt lab replay --save' wrote" };

    private readonly Argument<string> _b = new("B") { Description = "What is compared: the same" };

    private readonly Option<string?> _corpus = new("--corpus", "-c") { HelpName = "FILE", Description = "What 'dbt lab capture' wrote; needed when A or B is an engine" };

    private readonly ValueOption<double> _threshold = new("--threshold", "PERCENT", $"How much slower B may be on a region [default: {StandardThreshold:p0}]", "a percentage such as 5%",
        text => double.TryParse(text.TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) && percent >= 0 ? percent / 100 : null);

    private readonly ValueOption<long> _runs = Values.CountOption("--runs", $"Timed runs of each region, in turns; the fastest counts [default: {ReplayCommand.StandardRuns}]");

    private readonly Flag _noModel = new("--no-mca", "Do not ask llvm-mca");

    /// <summary>Creates the command.</summary>
    public DiffCommand()
        : base("diff", "Compares two engines, option sets or builds region by region, the worst regression first. Exit code 1 when B is slower than the threshold allows on a region, else 0.")
    {
        Add(_a);
        Add(_b);
        Add(_corpus);
        Add(_threshold);
        Add(_runs);
        Add(_noModel);
        SetAction(Execute);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Line, string Meaning)> Examples =>
    [
        ("dbt lab diff baseline block --corpus sort.corpus", "Two engines"),
        ("dbt lab diff baseline baseline+trusted --corpus sort.corpus", "What isolation costs"),
        ("dbt lab diff before.json baseline --corpus sort.corpus --threshold 5%", "Another build: its figures are those of its 'dbt lab replay --save before.json'"),
        ("dbt lab diff before.json after.json", "Two builds, without measuring"),
    ];

    private int Execute(ParseResult line)
    {
        var threshold = _threshold.Of(line) ?? StandardThreshold;
        var (a, b) = Results(line);
        var comparison = new ReplayComparison(a, b);
        var table = TextTable.Create("Region", "#Share", "#A ns/insn", "#B ns/insn", "#B takes", "#A bytes", "#B bytes", "#A mca", "#B mca");
        foreach (var (before, after) in comparison.Pairs)
        {
            var slowdown = ReplayComparison.Slowdown(before, after);
            table.Add(
                before.Title,
                before.Share.ToString("p1", CultureInfo.InvariantCulture),
                before.NanosecondsPerInstruction.ToString("f3", CultureInfo.InvariantCulture),
                after.NanosecondsPerInstruction.ToString("f3", CultureInfo.InvariantCulture),
                slowdown.ToString("f2", CultureInfo.InvariantCulture) + (slowdown > 1 + threshold ? " !" : "  "),
                before.HostBytes.ToString("n0", CultureInfo.InvariantCulture),
                after.HostBytes.ToString("n0", CultureInfo.InvariantCulture),
                (before.PredictedCycles / before.Instructions)?.ToString("f2", CultureInfo.InvariantCulture) ?? "",
                (after.PredictedCycles / after.Instructions)?.ToString("f2", CultureInfo.InvariantCulture) ?? "");
        }
        Console.Out.WriteLine($"A: {a.Engine} of {a.Build}");
        Console.Out.WriteLine($"B: {b.Engine} of {b.Build}");
        TextTable.Write(table);
        var regressions = comparison.Regressions(threshold);
        Console.Out.WriteLine(FormattableString.Invariant($"B takes {comparison.Mean:f2} times as long as A on the whole; on {regressions} of {comparison.Pairs.Count} regions more than {1 + threshold:f2} times. mca: cycles an instruction, as llvm-mca expects them."));
        return regressions > 0 ? ExitCode.Failure : ExitCode.Success;
    }

    private (ReplayResult A, ReplayResult B) Results(ParseResult line)
    {
        var (a, b) = (line.GetRequiredValue(_a), line.GetRequiredValue(_b));
        var engines = new[] { a, b }.Select(EngineSpec.TryParse).OfType<EngineSpec>().ToList();
        var measured = new Queue<ReplayResult>();
        if (engines.Count > 0)
        {
            var corpus = line.GetValue(_corpus) ?? throw UserException.Usage("an engine needs something to replay", "give --corpus FILE");
            measured = new(new Replays(corpus, !_noModel.IsSet(line)).Run(engines, (int)(_runs.Of(line) ?? ReplayCommand.StandardRuns)));
        }
        return (Of(a), Of(b));

        ReplayResult Of(string text) => EngineSpec.TryParse(text) is not null ? measured.Dequeue() : ResultFile.Read(text, ReadFile(text));
    }

    private static byte[] ReadFile(string text) =>
        File.Exists(text) ? InputFile.Read(text) : throw UserException.Usage($"'{text}' is neither an engine nor a file of figures", $"an engine is {EngineSpec.Form}; 'dbt lab replay --save FILE' writes figures");
}
