using System.CommandLine;
using System.Diagnostics;
using Dbt.Cli.Arguments;
using Dbt.Cli.Code;
using Dbt.Cli.Errors;
using Dbt.Cli.Execution;
using Dbt.Cli.Output;
using Dbt.Isa.Riscv;
using Dbt.Runtime.Machine.Boards.Riscv;
using Dbt.Runtime.Machine.Boot;
using Dbt.Runtime.Machine.Boot.Riscv;
using Dbt.Runtime.Machine.Devices;
using Dbt.Runtime.Machine.Sbi.Riscv;
using Dbt.Runtime.Machine.Snapshots;
using Dbt.Translator.Engines;

namespace Dbt.Cli.Commands;

/// <summary><c>dbt boot</c>: boots a kernel on a machine.</summary>
internal sealed class BootCommand : DbtCommand
{
    private readonly Option<string?> _kernel = new("--kernel") { HelpName = "FILE", Description = "The kernel: a Linux Image, as boot/vmlinux-* of Debian's package linux-image-riscv64, or a program for S mode in an ELF file" };

    private readonly Option<string?> _firmware = new("--bios") { HelpName = "FILE", Description = "Firmware for M mode: an ELF file, or bytes for the beginning of RAM, as fw_dynamic.bin of Debian's package opensbi; without it the hypervisor answers the kernel's calls" };

    private readonly Option<string?> _initrd = new("--initrd") { HelpName = "FILE", Description = "The initial RAM disk" };

    private readonly Option<string?> _append = new("--append") { HelpName = "TEXT", Description = "The kernel's command line" };

    private readonly Option<string?> _machine = new("--machine") { HelpName = "VERSION[,OPTION=VALUE...]", Description = "The machine, as in virt-1,sstc=off; 'dbt machine' lists them" };

    private readonly ValueOption<long> _memory = Values.ByteSizeOption("--memory", "RAM; 512M without it");

    private readonly ValueOption<long> _harts = Values.CountOption("--cpus", "Harts, each a thread of the host; 1 without it");

    private readonly DeviceOptions _devices = new();

    private readonly Option<string?> _snapshot = new("--snapshot") { HelpName = "FILE", Description = "Go on from FILE, if it exists, instead of booting. Ctrl-A x and SIGTERM write the machine there and end, Ctrl-A s writes it and goes on. The machine must be described in the same way, and its disks must be as they were" };

    private readonly Flag _noReboot = new("--no-reboot", "End where the guest restarts the machine, instead of starting it again from the files");

    private readonly Option<string> _engine = Values.ChoiceOption(
        "--engine", "How guest code is executed; auto: interpreted while it is cold, compiled when it is hot", EngineChoice.Default, EngineChoice.SystemNames, EngineChoice.WhyNotSystem);

    private readonly Flag _perfMap = new("--perf-map", $"Write {PerfMap.Pattern}, by which Linux's perf names guest code");

    private readonly Flag _stats = new("--stats", "Write to standard error at the end what was executed and translated");

    private readonly Flag _trapCalls = new("--trap-calls", "Leave translated code for every call that the kernel makes of the hypervisor, even for those that could be patched into it");

    /// <summary>Creates the command.</summary>
    public BootCommand()
        : base("boot", "Boots an operating system's kernel on a whole machine.")
    {
        Add(_kernel);
        Add(_firmware);
        Add(_initrd);
        Add(_append);
        Add(_machine);
        Add(_memory);
        Add(_harts);
        _devices.AddTo(this);
        Add(_snapshot);
        Add(_noReboot);
        Add(_engine);
        Add(_stats);
        Add(_trapCalls);
        Add(_perfMap);
        SetAction(Execute);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Line, string Meaning)> Examples =>
    [
        ("dbt boot --kernel vmlinux-6.12 --initrd initrd.gz --append console=ttyS0", "Its serial port is the terminal; Ctrl-A x ends it"),
        ("dbt boot --kernel Image --initrd initrd.gz --disk debian.img --net user,hostfwd=tcp::2222-:22", "A disk, and a network in which port 2222 of this host is the guest's ssh"),
        ("dbt boot --kernel Image --memory 1G --cpus 4 --stats", "Four harts, and what they did"),
        ("dbt boot --bios fw_dynamic.bin --kernel Image --initrd initrd.gz", "OpenSBI runs in M mode, and starts the kernel"),
        ("dbt boot --bios rv64ui-p-add", "A program for M mode; it ends with exit code N by writing 2 x N + 1 to its symbol 'tohost', or 0x5555 to the word at 0x100000"),
        ("dbt boot --kernel Image --initrd initrd.gz --snapshot debian.snap", "Ctrl-A x puts the machine into debian.snap; the same command goes on from there, and boots when there is none"),
        ("dbt boot --kernel Image --machine virt-1,sstc=off", "Without a timer of S mode's own: it asks the hypervisor"),
    ];

    private int Execute(ParseResult line)
    {
        var options = ReadOptions(line);
        var name = line.GetRequiredValue(_engine);
        using var profiler = _perfMap.IsSet(line) ? new PerfMap() : null;
        // Whoever wants statistics wants all that was executed counted.
        // Devices are not harts: what they do to memory is no atomic operation.
        var settings = new EngineOptions
        {
            CodeListener = profiler,
            CountsInstructions = _stats.IsSet(line),
            MeasuresTime = _stats.IsSet(line),
            CountsHypercalls = _stats.IsSet(line),
            SharesMemory = options.Harts > 1,
        };
        using var terminal = TerminalMode.TryEnter();
        var console = new TerminalConsole(hasEscapeKey: terminal is not null);
        try
        {
            for (var isFirst = true; ; isFirst = false)
            {
                // A restarted machine is a new one: nothing of the old one is left but what its disks have.
                using var engine = EngineChoice.CreateSystem(name, RiscvRv64.Instance, settings);
                using var machine = new VirtMachine(options, engine, console);
                using var session = new MachineSession(machine, console, line.GetValue(_snapshot));
                if (isFirst)
                    console.Start();
                var started = Stopwatch.GetTimestamp();
                var (code, wantsReset) = machine.Run();
                var isLast = !wantsReset || _noReboot.IsSet(line);
                if (isLast)
                    terminal?.Dispose();
                if (_stats.IsSet(line))
                {
                    StatisticsReport.Write(StandardError.Instance, name, engine.Statistics, Stopwatch.GetElapsedTime(started));
                    if (machine.Hypercalls is { } calls)
                        CallReport.Write(StandardError.Instance, calls, PatchedCalls.NameOf);
                }
                if (isLast)
                    return code;
                options = options with { Snapshot = null };
            }
        }
        catch (DeviceException error)
        {
            terminal?.Dispose();
            throw new UserException(error.Message, ExitCode.Failure);
        }
        catch (SnapshotException error)
        {
            terminal?.Dispose();
            throw new UserException(error.Message, ExitCode.Failure);
        }
        catch (BootException error)
        {
            terminal?.Dispose();
            throw new UserException(error.Message, ExitCode.NotExecutable);
        }
        catch (InsufficientMemoryException error)
        {
            terminal?.Dispose();
            throw new UserException("--memory", error.Message, "ask for less", ExitCode.Failure);
        }
    }

    private VirtMachineOptions ReadOptions(ParseResult line)
    {
        if (!VirtOptions.TryParse(line.GetValue(_machine) ?? VirtOptions.Versions[^1], out var board, out var error))
            throw UserException.Usage(error, "see 'dbt machine --help'");
        if (line.GetValue(_kernel) is null && line.GetValue(_firmware) is null)
            throw UserException.Usage("there is nothing to boot", "name a kernel with --kernel, or firmware with --bios");
        var size = MachineSize.Of(line, _memory, _harts);
        return new VirtMachineOptions
        {
            Board = board,
            Memory = size.Memory,
            Harts = size.Harts,
            Firmware = ReadProgram(line.GetValue(_firmware)),
            Kernel = ReadProgram(line.GetValue(_kernel)),
            Initrd = line.GetValue(_initrd) is { } initrd ? InputFile.Read(initrd) : default,
            Virtio = _devices.Of(line),
            Arguments = line.GetValue(_append) ?? "",
            PatchesCalls = !_trapCalls.IsSet(line),
            Snapshot = line.GetValue(_snapshot) is { } snapshot && File.Exists(snapshot) ? snapshot : null,
        };
    }

    private static byte[] ReadProgram(string? file)
    {
        if (file is null)
            return [];
        var bytes = InputFile.Read(file);
        return bytes.Length > 0 ? bytes : throw new UserException(file, "is empty", null, ExitCode.NotExecutable);
    }
}
