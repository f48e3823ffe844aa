using System.Diagnostics;
using Dbt.Cli.Errors;
using Dbt.Cli.Output;
using Dbt.Isa;
using Dbt.Runtime.Linux;
using Dbt.Runtime.Linux.Syscalls;
using Dbt.Translator.Engines;

namespace Dbt.Cli.Execution;

/// <summary>Runs a guest program as it was asked for, by whatever way that came.</summary>
internal static class GuestRun
{
    /// <summary>Settings of an engine whose guest is a process of its own and of which nobody wants to know more than what it does.</summary>
    public static EngineOptions Engine { get; } = new() { CountsInstructions = false, SharesMemory = false };

    /// <summary>How a guest is started about which nothing else is said.</summary>
    /// <exception cref="UserException">Linux does not run on such a guest here.</exception>
    public static LinuxProcessOptions Describe(
        GuestIsa isa, ExtensionSet extensions, string program, IReadOnlyList<string> arguments, Func<GuestIsa, IEngine> createEngine)
    {
        if (Guests.AbiOf(isa) is not { } abi)
            throw new UserException("--isa", $"there is no Linux for {isa.Name} here", $"it can be looked at with 'dbt disasm' and 'dbt isa --guest {isa.Name}'", ExitCode.Usage);
        return new LinuxProcessOptions
        {
            Program = program,
            Arguments = arguments,
            Environment = GuestEnvironment.Create([], []),
            Isa = isa,
            Extensions = extensions,
            Abi = abi,
            CreateEngine = createEngine,
            Diagnostics = StandardError.Instance,
        };
    }

    /// <summary>Runs it and gives its exit code.</summary>
    /// <exception cref="UserException">It cannot be started.</exception>
    public static int Run(LinuxProcessOptions options, string engine, bool stats = false, ProfilerFile? profiler = null)
    {
        try
        {
            using var process = LinuxProcess.Create(options);
            if (profiler is not null)
                profiler.NameOf = process.NameOf;
            var started = Stopwatch.GetTimestamp();
            var code = process.Run();
            if (stats)
            {
                StatisticsReport.Write(StandardError.Instance, engine, process.Engine.Statistics, Stopwatch.GetElapsedTime(started));
                if (process.Hypercalls is { } calls)
                    CallReport.Write(StandardError.Instance, calls, key => Enum.GetName((SyscallNumber)key.Number));
            }
            return code;
        }
        catch (LinuxStartException error)
        {
            throw new UserException(error.Message, error.ExitCode);
        }
    }
}
