using Dbt.Isa;
using Dbt.Isa.Riscv;
using Dbt.Runtime.Machine.Boards.Riscv;
using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Devices;
using Dbt.Runtime.Machine.Harts.Riscv;
using Dbt.Runtime.Machine.Interrupts;
using Dbt.Runtime.Machine.Sbi.Riscv;
using Dbt.Runtime.Machine.Timers;
using Dbt.Translator.Engines;
using Dbt.Translator.Hypercalls;

namespace Dbt.Runtime.Machine.Boot.Riscv;

/// <summary>A machine of the <c>virt</c> family that boots a kernel in S mode: under firmware, or without, and then the hypervisor answers its calls.</summary>
public sealed partial class VirtMachine : ISystemControl, IDisposable
{
    // Switches of privilege and page tables, and what is no name of an extension to a kernel.
    private static readonly string[] s_unnamed = ["Sm", "Ss", "G", "B"];

    // What a board's options take away.
    private static readonly string[] s_timer = ["Sstc"], s_advancedInterrupts = ["Smaia", "Ssaia"];

    private readonly VirtMachineOptions _options;
    private readonly IConsole _console;
    private readonly IEngine _engine;
    private readonly PhysicalMemory _memory;
    private readonly MachineClock _clock = new();
    private readonly VirtBoard _board;
    private readonly SbiHart[] _harts;
    private readonly Lock _lock = new();
    private volatile bool _isOver;
    private int _exitCode;
    private bool _wantsReset;
    private Exception? _failure;

    /// <summary>A machine, switched off.</summary>
    /// <param name="options">What to boot.</param>
    /// <param name="engine">What executes its harts, in system mode.</param>
    /// <param name="console">The other end of its serial port.</param>
    /// <exception cref="BootException">It cannot be: too little memory, no kernel.</exception>
    public VirtMachine(VirtMachineOptions options, IEngine engine, IConsole console)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(console);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Harts, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Harts, VirtBoard.MaxHarts, nameof(options));
        _options = options;
        _console = console;
        _engine = engine;
        _memory = new PhysicalMemory(options.Memory);
        _memory.Written += engine.Invalidate;
        var extensions = Extensions(options.Board);
        var harts = Enumerable.Range(0, options.Harts).Select(id => new MachineHart(id, extensions, _memory, engine, _clock)).ToArray();
        _harts = [.. harts.Select(hart => new SbiHart(hart, _memory))];
        _board = new VirtBoard(options.Board, _memory, new VirtHarts([.. harts.Cast<IInterruptTarget>()], Names(options.Board)) { HasFirmware = !options.Firmware.IsEmpty, HasInterruptFiles = true }, _clock, new VirtBackends(console, this) { Virtio = options.Virtio });
        var calls = new SupervisorInterface(_harts, _memory, engine, console, this);
        if (options.Firmware.IsEmpty)
        {
            Hypercalls = PatchedCalls.Create();
            Hypercalls.IsTraced = !options.PatchesCalls;
            engine.UseHypercalls(Hypercalls);
        }
        foreach (var hart in _harts)
        {
            if (options.Board.Aia == AdvancedInterrupts.AplicImsic)
                (hart.Hart.MachineFile, hart.Hart.SupervisorFile) = (_board.MachineFiles[hart.Hart.Id], _board.SupervisorFiles[hart.Hart.Id]);
            hart.Hart.Hypercalls = options.Firmware.IsEmpty ? calls : null;
            hart.Hart.ShouldLeave = () => _isOver || _isPaused || hart.IsLeaving;
            hart.Hart.TimerTaken = hart.Steal.Update;
            hart.Hart.CodeFound = WatchOthers;
            hart.Hart.HasCode = engine is Dbt.Translator.Systems.SystemEngine system ? system.HasCode : _ => false;
        }
    }

    /// <summary>What becomes of the kernel's calls; null under firmware, which answers them.</summary>
    public HypercallTable? Hypercalls { get; }

    /// <summary>Names of the extensions of a machine's harts that a kernel is told of.</summary>
    public static IReadOnlyList<string> Names(VirtOptions board)
    {
        var extensions = Extensions(board);
        return [.. RiscvRv64.Instance.Extensions.Where(extension => extensions.Contains(extension.Index) && !s_unnamed.Contains(extension.Name)).Select(extension => extension.Name)];
    }

    private static ExtensionSet Extensions(VirtOptions board)
    {
        ArgumentNullException.ThrowIfNull(board);
        var isa = RiscvRv64.Instance;
        string[] absent = [.. board.Sstc ? [] : s_timer, .. board.Aia == AdvancedInterrupts.None ? s_advancedInterrupts : []];
        return absent.Aggregate(isa.SystemExtensions, (left, name) => left.Without(isa.Extensions.First(extension => extension.Name == name).Index));
    }

    /// <summary>Boots, and returns when the guest has switched the machine off or <see cref="Stop"/> was called.</summary>
    /// <returns>The guest's exit code, and whether it asked for a restart instead.</returns>
    /// <exception cref="BootException">Kernel and initial RAM disk do not fit, or are none.</exception>
    /// <exception cref="Snapshots.SnapshotException">The snapshot to begin with cannot be used.</exception>
    public (int ExitCode, bool WantsReset) Run()
    {
        if (_options.Snapshot is { } snapshot)
            Restore(snapshot);
        else
            Start();
        _running = _harts.Length;
        var threads = _harts.Skip(1).Select(hart => new Thread(() => RunHart(hart)) { Name = $"hart {hart.Hart.Id}", IsBackground = true }).ToArray();
        foreach (var thread in threads)
            thread.Start();
        RunHart(_harts[0]);
        foreach (var thread in threads)
            thread.Join();
        if (_failure != null)
            throw new InvalidOperationException("A hart failed.", _failure);
        return (_exitCode, _wantsReset);
    }

    /// <summary>Switches the machine off, as the guest would. From any thread.</summary>
    public void Stop(int exitCode) => End(exitCode, false);

    /// <inheritdoc/>
    public void PowerOff(int exitCode) => End(exitCode, false);

    /// <inheritdoc/>
    public void Reset() => End(0, true);

    /// <summary>Frees everything. Nothing may be running.</summary>
    public void Dispose()
    {
        _board.Dispose();
        _clock.Dispose();
        foreach (var hart in _harts)
            hart.Dispose();
        _memory.Dispose();
        Hypercalls?.Dispose();
    }

    // Firmware has all harts from the beginning, and lets all but one of them wait; without, the kernel asks for them.
    private void Start()
    {
        var loader = new VirtLoader(_options, _memory, _board);
        var (entry, tree) = loader.Load();
        if (loader.ToHost is { } address)
            _ = new ToHost(address, _memory, _clock, _console, this);
        foreach (var hart in _harts)
        {
            hart.Hart.Reset();
            if (_options.Firmware.IsEmpty)
                hart.Hart.DelegateToSupervisor();
            else
                hart.TryStart(reset => reset.StartMachine(entry, tree, loader.Information));
        }
        if (_options.Firmware.IsEmpty)
            _harts[0].TryStart(first => first.StartSupervisor(entry, tree));
    }

    // Only the first end counts.
    private void End(int exitCode, bool wantsReset)
    {
        lock (_lock)
        {
            if (_isOver)
                return;
            (_exitCode, _wantsReset) = (exitCode, wantsReset);
            _isOver = true;
        }
        foreach (var hart in _harts)
            hart.Release();
        lock (_pauseLock)
            Monitor.PulseAll(_pauseLock);
    }

    private void RunHart(SbiHart hart)
    {
        try
        {
            for (; ; )
            {
                Pass();
                if (_isOver)
                    return;
                if (!hart.AwaitStarted(() => _isOver || _isPaused))
                    continue;
                hart.Hart.IsIdle = false;
                var reason = _engine.Run(hart.Hart.Hart, long.MaxValue);
                hart.Hart.IsIdle = true;
                if (reason == ExitReason.WaitForInterrupt)
                    hart.Hart.WaitForInterrupt();
            }
        }
#pragma warning disable CA1031 // Whatever it is, the machine ends, and Run throws it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _failure ??= failure;
            hart.Hart.IsIdle = true;
            End(1, false);
        }
        finally
        {
            Leave();
        }
    }

    private void WatchOthers(MachineHart finder, ulong physical)
    {
        foreach (var hart in _harts)
            if (hart.Hart != finder)
                hart.Hart.WatchStores();
    }
}
