using System.CommandLine;
using Dbt.Cli.Arguments;
using Dbt.Cli.Code;
using Dbt.Cli.Errors;
using Dbt.Cli.Output;
using Dbt.Isa;
using Dbt.Translator.Baseline;
using Dbt.Translator.Engines;
using Dbt.Translator.Semantics;
using Spectre.Console;

namespace Dbt.Cli.Commands;

/// <summary><c>dbt isa</c>: what is implemented.</summary>
internal sealed class IsaCommand : DbtCommand
{
    private readonly Argument<string?> _extension = new("EXTENSION")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "List this extension's instructions instead",
    };

    private readonly Option<string?> _guest = new("--guest", "-g")
    {
        HelpName = "NAME",
        Description = "The guest to describe; the first one without it",
    };

    private readonly Flag _markdown = new("--markdown", "Print the reference page of all instructions, in Markdown");

    /// <summary>Creates the command.</summary>
    public IsaCommand()
        : base("isa", "Shows which extensions and instructions are implemented.")
    {
        Add(_extension);
        Add(_guest);
        Add(_markdown);
        SetAction(Execute);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Line, string Meaning)> Examples =>
    [
        ("dbt isa", "Extensions, how settled each is, and how many instructions it has"),
        ("dbt isa Zba", "The instructions of one: encoding, operands, semantics, source line"),
        ("dbt isa D", "Host code says how many bytes the baseline compiler makes of each, or that it is interpreted"),
        ("dbt isa --markdown > reference.md", "The reference page"),
    ];

    private int Execute(ParseResult line)
    {
        var name = line.GetValue(_guest);
        var isa = name is null
            ? Guests.All[0]
            : Guests.All.FirstOrDefault(guest => string.Equals(guest.Name, name, StringComparison.OrdinalIgnoreCase))
                ?? throw UserException.Usage($"no guest '{name}'", $"one of {string.Join(", ", Guests.All.Select(guest => guest.Name))}");
        if (_markdown.IsSet(line))
            WriteReference(isa);
        else if (line.GetValue(_extension) is { } extension)
            WriteInstructions(isa, extension);
        else
            WriteExtensions(isa);
        return ExitCode.Success;
    }

    private static void WriteExtensions(GuestIsa isa)
    {
        var interpreted = Interpreted(isa);
        var table = TextTable.Create("Extension", "Version", "Status", "#Instructions", "#Interpreted", "Requires", "Implies", "What it is");
        foreach (var extension in isa.Extensions)
        {
            table.Add(
                extension.Name,
                extension.Version,
                Status(extension),
                $"{isa.Operations.Count(operation => operation?.ExtensionIndex == extension.Index)}",
                interpreted is null ? "" : $"{interpreted.Count(survey => survey.IsInterpreted && survey.Operation.ExtensionIndex == extension.Index)}",
                string.Join(' ', extension.Requires),
                string.Join(", ", extension.Implies),
                extension.Title);
        }
        TextTable.Write(table);
        Console.Out.WriteLine($"{isa.Name}: {isa.Extensions.Count} extensions, {isa.Operations.Count(operation => operation is not null)} instructions.");
        if (interpreted is not null)
            Console.Out.WriteLine("Interpreted: instructions that the baseline compiler has no pattern for; 'dbt isa EXTENSION' says which.");
        if (isa.Extensions.Any(extension => extension.Status == ExtensionStatus.Draft))
            Console.Out.WriteLine("Drafts are off unless --isa names them, and may change without notice.");
    }

    private static string Status(ExtensionInfo extension) =>
        extension.Status == ExtensionStatus.Draft ? "DRAFT" : extension.Status.ToString().ToLowerInvariant();

    private static void WriteInstructions(GuestIsa isa, string name)
    {
        var extension = IsaString.Find(isa, name) ?? throw UserException.Usage($"{isa.Name} has no extension '{name}'", "see 'dbt isa'");
        var survey = Survey(isa);
        var table = TextTable.Create("Instruction", "Encoding", "Operands", "Semantics", "Host code", "Source");
        foreach (var operation in isa.Operations)
        {
            if (operation is null || operation.ExtensionIndex != extension.Index)
                continue;
            var operands = string.Join(", ", operation.Operands.Select(operand => operand.Field));
            table.Add(operation.Mnemonic, Encoding(operation), operands, operation.Semantics, HostCode(survey, operation), operation.Source);
        }
        Console.Out.WriteLine($"{extension.Name} {extension.Version}, {Status(extension)}: {extension.Title}");
        if (table.Rows.Count > 0)
            TextTable.Write(table);
        else
            Console.Out.WriteLine($"No instructions of its own; it implies {string.Join(", ", extension.Implies)}.");
    }

    private static void WriteReference(GuestIsa isa)
    {
        Console.Out.Write(isa.ReferencePage);
        if (Interpreted(isa) is not { } interpreted)
            return;
        Console.Out.WriteLine();
        Console.Out.WriteLine("## Left to the interpreter");
        Console.Out.WriteLine();
        Console.Out.WriteLine("What the baseline compiler has no pattern for on this host, found by compiling each instruction with a choice of operands.");
        Console.Out.WriteLine();
        Console.Out.WriteLine("| Extension | Instruction | Forms |");
        Console.Out.WriteLine("|---|---|---|");
        foreach (var survey in interpreted)
            Console.Out.WriteLine($"| {survey.Operation.Extension} | `{survey.Operation.Mnemonic}` | {(survey.IsInterpreted ? "all" : string.Join(", ", survey.Interpreted.Select(form => $"`{form}`")))} |");
    }

    private static string HostCode(CompilerSurvey? survey, OperationInfo operation) =>
        survey is null ? "" : (operation.Traits & OperationTraits.Compressed) != 0 ? "its base form's" : survey.Of(operation).ToString();

    // What has no pattern in some form or in all; null where there is no baseline compiler.
    private static List<SurveyedOperation>? Interpreted(GuestIsa isa) =>
        Survey(isa) is { } survey ? [.. OperationSamples.OperationsOf(isa).Select(survey.Of).Where(operation => operation.Interpreted.Count > 0)] : null;

    private static CompilerSurvey? Survey(GuestIsa isa) =>
        BaselineEngine.IsSupported ? new(isa, code => new BaselineExplainer(GuestLifters.For(isa), CompilerSurvey.AllOf(isa), code)) : null;

    // Fixed bits, and a dot for each bit of an operand.
    private static string Encoding(OperationInfo operation) => string.Create(operation.Length * 8, operation, static (text, operation) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            var bit = 1u << (text.Length - 1 - i);
            text[i] = (operation.Mask & bit) == 0 ? '.' : (operation.Match & bit) == 0 ? '0' : '1';
        }
    });
}
