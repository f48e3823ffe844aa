using Dbt.Isa;
using Dbt.Isa.Riscv;
using Dbt.Isa.Systems;
using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Interrupts;
using Dbt.Runtime.Machine.Mmu.Riscv;
using Dbt.Runtime.Machine.Timers;
using Dbt.Translator;
using Dbt.Translator.Engines;
using Dbt.Translator.Systems;

namespace Dbt.Runtime.Machine.Harts.Riscv;

/// <summary>
/// A hart with all its privilege modes: traps, interrupts, translation of addresses. Its state is the engine's; what is here happens
/// between instructions, and at accesses that miss the TLB. Run by one thread; interrupts may come from any.
/// </summary>
internal sealed unsafe partial class MachineHart : ISystemHart, IInterruptTarget, IDisposable
{
    private const int User = 0, Supervisor = 1, MachineMode = 3;

    private readonly PhysicalMemory _memory;
    private readonly IEngine _engine;
    private readonly MachineClock _clock;
    private readonly ClockAlarm _alarm;
    private readonly HostWait _wait = new();
    private readonly PhysicalProtection _protection = new();
    private readonly PageWalker _walker;
    private readonly ExtensionSet _allExtensions;
    private readonly ExtensionSet _reducedExtensions;
    private ulong _timerTick = ClockAlarm.Never;

    /// <summary>A hart at reset, in M mode.</summary>
    /// <param name="id">mhartid.</param>
    /// <param name="extensions">Extensions that are on.</param>
    /// <param name="memory">The machine's memory.</param>
    /// <param name="engine">What runs it.</param>
    /// <param name="clock">The machine's time.</param>
    public MachineHart(int id, ExtensionSet extensions, PhysicalMemory memory, IEngine engine, MachineClock clock)
    {
        Id = id;
        _memory = memory;
        _engine = engine;
        _clock = clock;
        _alarm = clock.CreateAlarm(Wake);
        _walker = new PageWalker(memory, _protection);
        _allExtensions = extensions;
        _reducedExtensions = WithoutFloatingPoint(extensions);
        Hart = new Hart(RiscvRv64.Instance, extensions, this);
        State = (RiscvState*)Hart.State;
        Tables = new TlbTables();
        Reset();
    }

    /// <summary>Its number.</summary>
    public int Id { get; }

    /// <summary>What engines run.</summary>
    public Hart Hart { get; }

    /// <summary>Its state.</summary>
    public RiscvState* State { get; }

    /// <summary>Who answers calls of S mode; null when the firmware in M mode does.</summary>
    public IHypercallHandler? Hypercalls { get; set; }

    /// <summary>Set by other threads to make the hart return from its engine.</summary>
    public Func<bool>? ShouldLeave { get; set; }

    /// <summary>Called before the guest handles an interrupt of S mode's timer, on the hart's thread.</summary>
    public Action? TimerTaken { get; set; }

    /// <summary>The tick at which S mode's timer goes off, when the hypervisor keeps it: without Sstc.</summary>
    public ulong HypercallTimer { get; set; } = ClockAlarm.Never;

    /// <summary>Everything as it is when the machine is switched on.</summary>
    public void Reset()
    {
        State->ResetSystem();
        State->Mhartid = (ulong)Id;
        State->Misa |= Letters(_allExtensions);
        State->Header.ReservationAddress = HartHeader.NoReservation;
        HypercallTimer = ClockAlarm.Never;
        State->System.Calls = SlowAccess.Calls;
        State->System.InterruptLines = 0;
        Tables.Flush();
        Request(SystemAttention.StateChanged | SystemAttention.FenceAll);
    }

    /// <summary>Lets S mode run without firmware: it gets all traps but its own calls, and may use whatever firmware would have allowed.</summary>
    public void DelegateToSupervisor()
    {
        State->Medeleg = 0xB1FF;
        State->Mideleg = 0x222;
        State->Mcounteren = State->Scounteren = 7;
        State->Menvcfg = RiscvMenvcfg.STCE | RiscvMenvcfg.PBMTE | RiscvMenvcfg.ADUE | RiscvMenvcfg.CBZE | RiscvMenvcfg.CBCFE | 1UL << 4;
        State->Pmpcfg0 = 0x1F;
        State->Pmpaddr0 = (1UL << 54) - 1;
    }

    /// <summary>Makes M mode begin at an address, with the hart's number and two arguments in a0 to a2.</summary>
    public void StartMachine(ulong address, ulong first, ulong second)
    {
        (State->X[10], State->X[11], State->X[12]) = ((ulong)Id, first, second);
        State->Header.Pc = address;
        Request(SystemAttention.StateChanged);
    }

    /// <summary>Makes S mode begin at an address, with two arguments in a0 and a1 and translation and interrupts off.</summary>
    public void StartSupervisor(ulong address, ulong argument)
    {
        State->Privilege = Supervisor;
        State->Mstatus &= ~(RiscvMstatus.SIE | RiscvMstatus.SUM | RiscvMstatus.MXR);
        State->Satp = 0;
        State->X[10] = (ulong)Id;
        State->X[11] = argument;
        State->Header.Pc = address;
        Request(SystemAttention.StateChanged | SystemAttention.FenceAll);
    }

    /// <inheritdoc/>
    public void SetPending(InterruptInput input, bool level)
    {
        var bit = 1UL << (int)input;
        // S mode clears its software interrupt itself: it is an event, which is taken over into mip.
        if (input == InterruptInput.SupervisorSoftware)
        {
            if (!level)
                return;
            Volatile.Write(ref _softwareInterrupt, true);
        }
        else if (level)
        {
            if ((Interlocked.Or(ref State->System.InterruptLines, bit) & bit) != 0)
                return;
        }
        else
        {
            Interlocked.And(ref State->System.InterruptLines, ~bit);
            return;
        }
        Wake();
    }

    /// <summary>Makes the hart look at what changed: when it runs, before its next block, and when it waits, at once. From any thread.</summary>
    public void Wake()
    {
        Request(SystemAttention.Requested);
        _wait.Wake();
    }

    /// <summary>Asks other threads' harts and this one for more.</summary>
    public void Request(SystemAttention what) => SystemAccess.Request(&State->System, what);

    /// <summary>Waits until an interrupt is pending or somebody calls <see cref="Wake"/>.</summary>
    public void WaitForInterrupt()
    {
        UpdateTimer(evenIfSame: true);
        if ((Pending & State->Mie) == 0 && Volatile.Read(ref State->System.Attention) == 0)
            _wait.Wait(-1);
    }

    /// <summary>Waits until an interrupt is pending and enabled, whether it may be taken now or not.</summary>
    /// <param name="isOver">Whether there is nothing to wait for any more; <see cref="Wake"/> lets it be asked.</param>
    public void AwaitInterrupt(Func<bool> isOver)
    {
        for (; ; )
        {
            TakeOverSoftwareInterrupt();
            UpdateTimer(evenIfSame: true);
            if ((Pending & State->Mie) != 0 || isOver())
                return;
            _wait.Wait(-1);
        }
    }

    /// <summary>A register's value.</summary>
    public ulong this[int register]
    {
        get => State->X[register];
        set => State->X[register] = value;
    }

    /// <summary>Ticks of the machine's clock.</summary>
    public ulong Now => _clock.Now;

    /// <inheritdoc/>
    public void Dispose()
    {
        _alarm.Set(ClockAlarm.Never);
        Hart.Dispose();
        Tables.Dispose();
        _wait.Dispose();
    }

    // Of misa: extensions with names of one letter, and that there are S and U mode.
    private static ulong Letters(ExtensionSet extensions)
    {
        var letters = 1UL << 'S' - 'A' | 1UL << 'U' - 'A';
        foreach (var extension in RiscvRv64.Instance.Extensions)
            if (extension.Name.Length == 1 && extensions.Contains(extension.Index) && extension.Name != "G")
                letters |= 1UL << extension.Name[0] - 'A';
        return letters;
    }

    // Whatever needs the F registers; they are not there while mstatus.FS is 0.
    private static ExtensionSet WithoutFloatingPoint(ExtensionSet extensions)
    {
        var isa = RiscvRv64.Instance;
        var removed = new HashSet<string> { "F" };
        for (var before = 0; before != removed.Count;)
        {
            before = removed.Count;
            foreach (var extension in isa.Extensions)
                if (extension.Requires.Any(removed.Contains))
                    removed.Add(extension.Name);
        }
        foreach (var extension in isa.Extensions)
            if (removed.Contains(extension.Name))
                extensions = extensions.Without(extension.Index);
        return extensions;
    }
}
