using Dbt.Isa.Riscv;
using Dbt.Runtime.Machine.Boards.Riscv;
using Dbt.Runtime.Machine.Boot;
using Dbt.Runtime.Machine.Boot.Riscv;
using Dbt.Runtime.Machine.Devices;
using Dbt.Runtime.Machine.Net;
using Dbt.Runtime.Machine.Virtio;
using Dbt.Translator.Engines;
using Dbt.Translator.Semantics;
using Dbt.Translator.Systems;

namespace Dbt.Embedding.Machines;

/// <summary>
/// A whole machine that boots an operating system's kernel, as <c>dbt boot</c> does. The guest reaches what it was given, and nothing else of the host.
/// <code>
/// using var machine = new BootedMachine(new MachineOptions { Kernel = File.ReadAllBytes("Image"), Arguments = "console=ttyS0", Output = Print });
/// var exit = machine.Run();
/// </code>
/// </summary>
public sealed class BootedMachine : IDisposable
{
    private readonly SystemEngine _engine = CreateEngine();
    private readonly SerialLine _serial;
    private readonly VirtMachine _machine;
    private int _runs;

    /// <summary>A machine, switched off.</summary>
    /// <param name="options">What it is like, and what it boots.</param>
    /// <exception cref="MachineException">It cannot be had.</exception>
    public BootedMachine(MachineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!VirtOptions.TryParse(options.Machine, out var board, out var problem))
            throw new MachineException(problem);
        _serial = new SerialLine(options.Output);
        try
        {
            _machine = new VirtMachine(Describe(options, board), _engine, _serial);
        }
        catch (Exception error) when (error is DeviceException or BootException or InsufficientMemoryException or ArgumentOutOfRangeException)
        {
            _engine.Dispose();
            throw new MachineException(error.Message, error);
        }
    }

    /// <summary>Types on the serial port. From any thread.</summary>
    public void Type(ReadOnlySpan<byte> bytes) => _serial.Type(bytes);

    /// <summary>Boots, and returns when the guest has switched the machine off. Once.</summary>
    /// <param name="cancellation">Switches the machine off, as if by its power cord.</param>
    /// <exception cref="MachineException">The kernel is none, or does not fit.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    /// <exception cref="InvalidOperationException">It was run already.</exception>
    public MachineExit Run(CancellationToken cancellation = default)
    {
        if (Interlocked.Increment(ref _runs) != 1)
            throw new InvalidOperationException("A machine is run once.");
        using var stop = cancellation.UnsafeRegister(static machine => ((VirtMachine)machine!).Stop(1), _machine);
        try
        {
            var (code, wantsRestart) = _machine.Run();
            cancellation.ThrowIfCancellationRequested();
            return new MachineExit(code, wantsRestart);
        }
        catch (BootException error)
        {
            throw new MachineException(error.Message, error);
        }
    }

    /// <summary>Frees it. It may not be running.</summary>
    public void Dispose()
    {
        _machine.Dispose();
        _engine.Dispose();
    }

    private static SystemEngine CreateEngine()
    {
        var settings = new EngineOptions { CountsInstructions = false };
        return SystemBaseline.IsSupported ? new SystemBaseline(GuestLifters.For(RiscvRv64.Instance), settings) : new SystemInterpreter(RiscvRv64.Instance, settings);
    }

    private static VirtMachineOptions Describe(MachineOptions options, VirtOptions board) => new()
    {
        Board = board,
        Memory = options.Memory,
        Harts = options.Harts,
        Kernel = options.Kernel,
        Initrd = options.Initrd,
        Arguments = options.Arguments,
        Virtio =
        [
            .. options.Disks.Select(disk => new DiskOptions(disk.Path) { IsReadOnly = disk.IsReadOnly }),
            .. options.Networks.Select(network => new NetworkOptions { Forwards = [.. network.Forwards.Select(Forward)], IsRestricted = network.IsRestricted }),
            .. options.Folders.Select(folder => new ShareOptions(folder.Directory, folder.Tag) { IsReadOnly = folder.IsReadOnly }),
            new EntropyOptions(),
        ],
    };

    private static PortForward Forward(string text) =>
        PortForward.TryParse(text, out var forward) ? forward! : throw new MachineException($"'{text}' forwards no port: it is tcp:[ADDRESS]:PORT-:GUESTPORT");
}
