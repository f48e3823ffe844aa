using System.CommandLine;
using Dbt.Cli.Arguments;
using Dbt.Cli.Errors;
using Dbt.Cli.Output;
using Dbt.Isa;
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
            Console.Out.Write(isa.ReferencePage);
        else if (line.GetValue(_extension) is { } extension)
            WriteInstructions(isa, extension);
        else
            WriteExtensions(isa);
        return ExitCode.Success;
    }

    private static void WriteExtensions(GuestIsa isa)
    {
        var table = TextTable.Create("Extension", "Version", "Status", "#Instructions", "Requires", "Implies", "What it is");
        foreach (var extension in isa.Extensions)
        {
            table.Add(
                extension.Name,
                extension.Version,
                Status(extension),
                $"{isa.Operations.Count(operation => operation?.ExtensionIndex == extension.Index)}",
                string.Join(' ', extension.Requires),
                string.Join(", ", extension.Implies),
                extension.Title);
        }
        TextTable.Write(table);
        Console.Out.WriteLine($"{isa.Name}: {isa.Extensions.Count} extensions, {isa.Operations.Count(operation => operation is not null)} instructions.");
        if (isa.Extensions.Any(extension => extension.Status == ExtensionStatus.Draft))
            Console.Out.WriteLine("Drafts are off unless --isa names them, and may change without notice.");
    }

    private static string Status(ExtensionInfo extension) =>
        extension.Status == ExtensionStatus.Draft ? "DRAFT" : extension.Status.ToString().ToLowerInvariant();

    private static void WriteInstructions(GuestIsa isa, string name)
    {
        var extension = IsaString.Find(isa, name) ?? throw UserException.Usage($"{isa.Name} has no extension '{name}'", "see 'dbt isa'");
        var table = TextTable.Create("Instruction", "Encoding", "Operands", "Semantics", "Source");
        foreach (var operation in isa.Operations)
        {
            if (operation is null || operation.ExtensionIndex != extension.Index)
                continue;
            var operands = string.Join(", ", operation.Operands.Select(operand => operand.Field));
            table.Add(operation.Mnemonic, Encoding(operation), operands, operation.Semantics, operation.Source);
        }
        Console.Out.WriteLine($"{extension.Name} {extension.Version}, {Status(extension)}: {extension.Title}");
        if (table.Rows.Count > 0)
            TextTable.Write(table);
        else
            Console.Out.WriteLine($"No instructions of its own; it implies {string.Join(", ", extension.Implies)}.");
    }

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
