using System.CommandLine;
using Dbt.Cli.Arguments;
using Dbt.Cli.Errors;
using Dbt.Cli.Output;
using Dbt.Runtime.Machine.Boards.Riscv;
using Dbt.Runtime.Machine.Boot.Riscv;

namespace Dbt.Cli.Commands;

/// <summary><c>dbt machine</c>: which machines there are, and what a guest finds in one.</summary>
internal sealed class MachineCommand : DbtCommand
{
    private readonly Argument<string?> _machine = new("MACHINE")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Describe this machine instead of listing them: a version and options, as in virt-1,aia=aplic,sstc=off",
    };

    private readonly Flag _source = new("--dts", "Print the device tree as source text; without MACHINE that of the newest version");

    private readonly Option<string?> _flattened = new("--dtb") { HelpName = "FILE", Description = "Write the device tree as a kernel is given it" };

    private readonly ValueOption<long> _memory = Values.ByteSizeOption("--memory", "RAM of the machine that is described; 512M without it");

    private readonly ValueOption<long> _harts = Values.CountOption("--cpus", "Its harts; 1 without it");

    /// <summary>Creates the command.</summary>
    public MachineCommand()
        : base("machine", "Lists the machines that can be booted, and prints what a kernel is told about one.")
    {
        Add(_machine);
        Add(_source);
        Add(_flattened);
        Add(_memory);
        Add(_harts);
        SetAction(Execute);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Line, string Meaning)> Examples =>
    [
        ("dbt machine", "The versions; one that was released never changes"),
        ("dbt machine virt-1", "Its devices and where they are"),
        ("dbt machine --dts --cpus 4", "The device tree of the newest one with four harts"),
        ("dbt machine virt-1,sstc=off --dtb virt.dtb", "A device tree for other tools"),
    ];

    private int Execute(ParseResult line)
    {
        var name = line.GetValue(_machine);
        var file = line.GetValue(_flattened);
        if (name is null && !_source.IsSet(line) && file is null)
        {
            foreach (var version in VirtOptions.Versions)
                Console.Out.WriteLine(version);
            return ExitCode.Success;
        }
        if (!VirtOptions.TryParse(name ?? VirtOptions.Versions[^1], out var options, out var error))
            throw UserException.Usage(error, "see 'dbt machine --help'");
        var preview = Preview(options, line);
        if (file is not null)
            Save(file, preview.FlattenedTree);
        if (_source.IsSet(line))
            Console.Out.Write(preview.TreeSource);
        else if (file is null)
            WriteDevices(preview);
        return ExitCode.Success;
    }

    private VirtPreview Preview(VirtOptions options, ParseResult line)
    {
        var size = MachineSize.Of(line, _memory, _harts);
        return new VirtPreview(options, size.Memory, size.Harts, VirtMachine.Names(options));
    }

    private static void WriteDevices(VirtPreview preview)
    {
        var table = TextTable.Create("#Address", "#Size", "Device", "Compatible with");
        foreach (var (address, size, name, compatible) in preview.Devices)
            table.Add($"0x{address:x}", $"0x{size:x}", name, compatible);
        TextTable.Write(table);
    }

    private static void Save(string file, byte[] tree)
    {
        try
        {
            File.WriteAllBytes(file, tree);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException(file, error.Message.TrimEnd('.'), "choose another file for --dtb", ExitCode.Failure);
        }
    }
}
