using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Devices;
using Dbt.Runtime.Machine.DeviceTree;
using Dbt.Runtime.Machine.Interrupts;
using Dbt.Runtime.Machine.Interrupts.Riscv;
using Dbt.Runtime.Machine.Snapshots;
using Dbt.Runtime.Machine.Timers;

namespace Dbt.Runtime.Machine.Boards.Riscv;

/// <summary>
/// The machine <c>virt-1</c>: its devices, wired to memory and harts, and the device tree that says so. Addresses and interrupt numbers are
/// those of QEMU's <c>virt</c>, so that whatever runs there finds its devices here. Each device is written down once, where it is wired.
/// </summary>
public sealed partial class VirtBoard : IDisposable
{
    /// <summary>The most harts that a board has.</summary>
    public const int MaxHarts = 64;

    private const ulong TesterStart = 0x10_0000, ClockStart = 0x10_1000, ClintStart = 0x200_0000, UartStart = 0x1000_0000;
    private const ulong PageSize = 0x1000;
    private const int UartInterrupt = 10, ClockInterrupt = 11;

    // What the port's divisor would divide; 8250 drivers only compute with it.
    private const uint UartFrequency = 3_686_400;

    private readonly PhysicalMemory _memory;
    private readonly VirtHarts _harts;
    private readonly MachineClock _clock;
    private readonly List<DeviceTreeNode> _hartControllers = [];
    private readonly List<DeviceTreeNode> _systemNodes = [];
    private readonly List<(ulong Address, ulong Size, string Name, string Compatible)> _devices = [];
    private readonly List<IDisposable> _owned = [];
    private readonly DeviceTreeNode _cpus, _soc;
    private readonly VirtOptions _options;

    /// <summary>Wires the devices. Before any hart runs.</summary>
    /// <param name="options">Which machine.</param>
    /// <param name="memory">Where the devices' registers go.</param>
    /// <param name="harts">The harts.</param>
    /// <param name="clock">The time of the timers.</param>
    /// <param name="backends">What is behind the devices.</param>
    /// <exception cref="DeviceException">A disk image or a port of the host cannot be had.</exception>
    public VirtBoard(VirtOptions options, PhysicalMemory memory, VirtHarts harts, MachineClock clock, VirtBackends backends)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(harts);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(backends);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(harts.Targets.Count, MaxHarts, nameof(harts));
        (_options, _memory, _clock) = (options, memory, clock);
        _harts = options.Sstc ? harts : harts with { Extensions = [.. harts.Extensions.Where(name => !name.Equals("sstc", StringComparison.OrdinalIgnoreCase))] };
        _cpus = DescribeHarts();
        _soc = new DeviceTreeNode("soc").Cells("#address-cells", 2).Cells("#size-cells", 2).Text("compatible", "simple-bus").Flag("ranges");
        AddClint();
        AddInterruptControllers();
        AddTester(backends.Control);
        AddClock(backends.Time);
        AddUart(backends.Console);
        try
        {
            AddBuses(backends.Virtio);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The devices, by address.</summary>
    internal IReadOnlyList<(ulong Address, ulong Size, string Name, string Compatible)> Devices => [.. _devices.OrderBy(device => device.Address)];

    /// <summary>The device tree in the form that a kernel is given (DTB).</summary>
    public byte[] FlattenedTree(VirtBoot boot) => DeviceTree.FlattenedTree.Write(Describe(boot));

    /// <summary>The device tree as source text (DTS).</summary>
    public string TreeSource(VirtBoot boot) => DeviceTreeSource.Print(Describe(boot));

    /// <summary>
    /// What a snapshot has of RAM and devices; the harts come besides. Connections and open shared files are not in it: the guest finds them closed.
    /// </summary>
    public IReadOnlyList<ISnapshotable> SnapshotParts() =>
    [
        .. RamSnapshot.Of(_memory),
        .. MachineFiles.Count > 0 ? (ISnapshotable[])[new InterruptFiles("imsic m", MachineFiles), new InterruptFiles("imsic s", SupervisorFiles)] : [],
        .. _aplic is null ? [] : (ISnapshotable[])[_aplic],
        .. _memory.Devices.Select(range => range.Device).OfType<ISnapshotable>(),
        .. _functions,
    ];

    /// <summary>Stops the devices' timers and threads.</summary>
    public void Dispose()
    {
        foreach (var owned in _owned)
            owned.Dispose();
    }

    private DeviceTreeNode Describe(VirtBoot boot)
    {
        ArgumentNullException.ThrowIfNull(boot);
        var root = new DeviceTreeNode("").Cells("#address-cells", 2).Cells("#size-cells", 2).Text("compatible", "riscv-virtio").Text("model", "dbt,virt-1");
        DescribeBoot(root.Add("chosen"), boot);
        root.Add($"memory@{_memory.RamStart:x}").Text("device_type", "memory").Registers((_memory.RamStart, _memory.RamLength));
        root.Add(_cpus);
        root.Add(_soc);
        foreach (var node in _systemNodes)
            root.Add(node);
        return root;
    }

    private static void DescribeBoot(DeviceTreeNode chosen, VirtBoot boot)
    {
        if (boot.Arguments.Length > 0)
            chosen.Text("bootargs", boot.Arguments);
        chosen.Text("stdout-path", $"/soc/serial@{UartStart:x}");
        if (boot.InitrdLength > 0)
            chosen.Wide("linux,initrd-start", boot.InitrdStart).Wide("linux,initrd-end", boot.InitrdStart + boot.InitrdLength);
        if (!boot.RandomSeed.IsEmpty)
            chosen.Blob("rng-seed", boot.RandomSeed);
    }

    private DeviceTreeNode DescribeHarts()
    {
        var cpus = new DeviceTreeNode("cpus").Cells("#address-cells", 1).Cells("#size-cells", 0).Cells("timebase-frequency", (uint)_clock.Frequency);
        var cores = new DeviceTreeNode("cluster0");
        for (var hart = 0; hart < _harts.Targets.Count; hart++)
        {
            var cpu = cpus.Add($"cpu@{hart:x}", $"cpu{hart}").Text("device_type", "cpu").Cells("reg", hart).Text("status", "okay").Text("compatible", "riscv");
            cpu.Text("riscv,isa", _harts.IsaString).Text("riscv,isa-base", "rv64i").Text("riscv,isa-extensions", _harts.SortedExtensions).Text("mmu-type", _harts.MmuType);
            foreach (var (extension, property) in (ReadOnlySpan<(string, string)>)[("zicbom", "riscv,cbom-block-size"), ("zicboz", "riscv,cboz-block-size"), ("zicbop", "riscv,cbop-block-size")])
            {
                if (_harts.SortedExtensions.Contains(extension))
                    cpu.Cells(property, _harts.CacheBlockSize);
            }
            _hartControllers.Add(cpu.Add("interrupt-controller", $"cpu{hart}_intc").Cells("#interrupt-cells", 1).Flag("interrupt-controller").Text("compatible", "riscv,cpu-intc"));
            cores.Add($"core{hart}").Cells("cpu", cpu);
        }
        cpus.Add("cpu-map").Add(cores);
        return cpus;
    }

    private void AddClint()
    {
        Map(ClintStart, Clint.Length, new Clint(_clock, _harts.Targets));
        Node("clint", ClintStart, Clint.Length, null, "sifive,clint0", "riscv,clint0")
            .Table("interrupts-extended", 2, HartInputs(InterruptInput.MachineSoftware, InterruptInput.MachineTimer));
    }

    private void AddTester(ISystemControl control)
    {
        Map(TesterStart, PageSize, new SystemTester(control));
        var tester = Node("test", TesterStart, PageSize, "test", "sifive,test1", "sifive,test0", "syscon");
        _systemNodes.Add(new DeviceTreeNode("poweroff").Text("compatible", "syscon-poweroff").Cells("regmap", tester).Cells("offset", 0).Cells("value", SystemTester.Pass));
        _systemNodes.Add(new DeviceTreeNode("reboot").Text("compatible", "syscon-reboot").Cells("regmap", tester).Cells("offset", 0).Cells("value", SystemTester.Restart));
    }

    private void AddClock(TimeProvider host)
    {
        var clock = new GoldfishClock(Line(ClockInterrupt), host);
        _owned.Add(clock);
        Map(ClockStart, PageSize, clock);
        WithInterrupt(Node("rtc", ClockStart, PageSize, null, "google,goldfish-rtc"), ClockInterrupt);
    }

    private void AddUart(IConsole console)
    {
        const ulong length = 0x100;
        var uart = new Uart16550(Line(UartInterrupt), console);
        _owned.Add(uart);
        Map(UartStart, length, uart);
        WithInterrupt(Node("serial", UartStart, length, null, "ns16550a").Cells("clock-frequency", UartFrequency), UartInterrupt);
    }

    private void Map(ulong start, ulong length, IMmioDevice device) => _memory.Map(start, length, device);

    private DeviceTreeNode Node(string name, ulong start, ulong length, string? label, params string[] compatible)
    {
        _devices.Add((start, length, name, string.Join(' ', compatible)));
        return _soc.Add($"{name}@{start:x}", label).Text("compatible", compatible).Registers((start, length));
    }

    private List<DeviceTreeCell> HartInputs(params ReadOnlySpan<InterruptInput> inputs)
    {
        var cells = new List<DeviceTreeCell>();
        foreach (var controller in _hartControllers)
        {
            foreach (var input in inputs)
                cells.AddRange([controller, (uint)input]);
        }
        return cells;
    }
}
