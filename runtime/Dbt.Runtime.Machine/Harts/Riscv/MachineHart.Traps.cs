using System.Numerics;
using Dbt.Isa;
using Dbt.Isa.Riscv;
using Dbt.Isa.Systems;
using Dbt.Runtime.Machine.Interrupts;
using Dbt.Runtime.Machine.Timers;
using Dbt.Translator.Systems;

namespace Dbt.Runtime.Machine.Harts.Riscv;

/// <summary>Traps, interrupts, and what changes between two instructions.</summary>
internal sealed unsafe partial class MachineHart
{
    private const ulong SupervisorTimerBit = 1UL << (int)InterruptInput.SupervisorTimer;
    private const ulong SupervisorSoftwareBit = 1UL << (int)InterruptInput.SupervisorSoftware;
    private const ulong InterruptFlag = 1UL << 63;

    // In the order in which they are taken (Privileged Manual, "Machine Interrupt Registers").
    private static readonly InterruptInput[] s_priorities =
    [
        InterruptInput.MachineExternal, InterruptInput.MachineSoftware, InterruptInput.MachineTimer,
        InterruptInput.SupervisorExternal, InterruptInput.SupervisorSoftware, InterruptInput.SupervisorTimer,
    ];

    private bool _softwareInterrupt;
    private long _fenceRequests;
    private long _fencesDone;
    private volatile bool _isIdle = true;
    private bool _storesAreWatched;

    /// <summary>Set by other harts: pages with translations were added.</summary>
    public void WatchStores()
    {
        Volatile.Write(ref _storesAreWatched, true);
        Request(SystemAttention.Requested);
    }

    /// <summary>
    /// Whether the hart executes nothing: it attends to what others asked for before it does again. Set by the thread that runs it.
    /// </summary>
    public bool IsIdle
    {
        get => _isIdle;
        set
        {
            _isIdle = value;
            Interlocked.MemoryBarrier();
        }
    }

    /// <summary>Asks the hart to forget all translations; see <see cref="IsFenced"/>.</summary>
    public long RequestFence()
    {
        var request = Interlocked.Increment(ref _fenceRequests);
        Request(SystemAttention.FenceAll);
        return request;
    }

    /// <summary>Whether nothing that the hart executes from now on uses a translation from before a request.</summary>
    public bool IsFenced(long request) => Volatile.Read(ref _fencesDone) >= request || _isIdle;

    private ulong Pending => State->Mip | Volatile.Read(ref State->System.InterruptLines);

    /// <inheritdoc/>
    public SystemChange Attend()
    {
        var fences = Volatile.Read(ref _fenceRequests);
        var attention = (SystemAttention)Interlocked.Exchange(ref State->System.Attention, 0);
        var change = SystemChange.None;
        if ((attention & SystemAttention.StateChanged) != 0 && TranslationChanged())
            attention |= SystemAttention.FenceAll;
        if ((attention & SystemAttention.FenceAddress) != 0 && (attention & SystemAttention.FenceAll) == 0)
        {
            if (FlushAddress(State->System.FenceAddress))
                change |= SystemChange.Page;
            else
                attention |= SystemAttention.FenceAll;
        }
        if ((attention & SystemAttention.FenceAll) != 0)
        {
            FlushAll();
            change |= SystemChange.Translation;
        }
        if ((attention & SystemAttention.Requested) != 0)
        {
            if (Volatile.Read(ref _storesAreWatched))
            {
                Volatile.Write(ref _storesAreWatched, false);
                Tables.Flush();
            }
            if (ShouldLeave?.Invoke() == true)
                change |= SystemChange.Leave;
        }
        TakeOverSoftwareInterrupt();
        UpdateTimer((attention & SystemAttention.Requested) != 0);
        if ((change & SystemChange.Leave) == 0)
            TakeInterrupt();
        UpdateMode();
        Volatile.Write(ref _fencesDone, fences);
        return change;
    }

    /// <inheritdoc/>
    public bool TakeException(ExitReason reason)
    {
        var pc = State->Header.Pc;
        switch (reason)
        {
            case ExitReason.EnvironmentCall when State->Privilege == Supervisor && Hypercalls != null:
                State->Header.Pc = pc + 4;
                Hypercalls.Call(this);
                break;
            case ExitReason.EnvironmentCall:
                Trap((ulong)TrapCause.CallFromUser + State->Privilege, 0);
                break;
            case ExitReason.Breakpoint:
                Trap((ulong)TrapCause.Breakpoint, pc);
                break;
            case ExitReason.IllegalInstruction:
                Trap((ulong)TrapCause.IllegalInstruction, InstructionBits(pc));
                break;
            case ExitReason.MisalignedAccess:
                Trap((ulong)MisalignedCause(State->Header.FaultAccess), State->Header.FaultAddress);
                break;
            case ExitReason.MemoryFault:
                Trap((ulong)FaultCause(State->Header.FaultAccess, State->System.IsPageFault), State->Header.FaultAddress);
                break;
            default:
                return false;
        }
        Request(SystemAttention.StateChanged);
        return true;
    }

    private static TrapCause MisalignedCause(AccessKind access) => access switch
    {
        AccessKind.Read => TrapCause.LoadMisaligned,
        AccessKind.Write => TrapCause.StoreMisaligned,
        _ => TrapCause.FetchMisaligned,
    };

    private static TrapCause FaultCause(AccessKind access, bool isPageFault) => (access, isPageFault) switch
    {
        (AccessKind.Read, true) => TrapCause.LoadPageFault,
        (AccessKind.Read, false) => TrapCause.LoadAccessFault,
        (AccessKind.Write, true) => TrapCause.StorePageFault,
        (AccessKind.Write, false) => TrapCause.StoreAccessFault,
        (_, true) => TrapCause.FetchPageFault,
        (_, false) => TrapCause.FetchAccessFault,
    };

    // Goes to the handler of a trap: M's, or S's when it is delegated (Privileged Manual, "Machine Trap Delegation Registers").
    private void Trap(ulong cause, ulong value)
    {
        var isInterrupt = (cause & InterruptFlag) != 0;
        var number = (int)(cause & 63);
        var delegated = State->Privilege <= Supervisor && ((isInterrupt ? State->Mideleg : State->Medeleg) >> number & 1) != 0;
        var status = State->Mstatus;
        ulong vector;
        State->Header.ReservationAddress = HartHeader.NoReservation;
        if (delegated)
        {
            State->Scause = cause;
            State->Sepc = State->Header.Pc;
            State->Stval = value;
            status &= ~(RiscvMstatus.SPP | RiscvMstatus.SPIE | RiscvMstatus.SIE);
            status |= State->Privilege == Supervisor ? RiscvMstatus.SPP : 0;
            status |= (State->Mstatus & RiscvMstatus.SIE) != 0 ? RiscvMstatus.SPIE : 0;
            vector = State->Stvec;
            State->Privilege = Supervisor;
        }
        else
        {
            State->Mcause = cause;
            State->Mepc = State->Header.Pc;
            State->Mtval = value;
            status &= ~(RiscvMstatus.MPP | RiscvMstatus.MPIE | RiscvMstatus.MIE);
            status |= State->Privilege << BitOperations.TrailingZeroCount(RiscvMstatus.MPP);
            status |= (State->Mstatus & RiscvMstatus.MIE) != 0 ? RiscvMstatus.MPIE : 0;
            vector = State->Mtvec;
            State->Privilege = MachineMode;
        }
        State->Mstatus = status;
        State->Header.Pc = (vector & ~3UL) + (isInterrupt && (vector & 3) == 1 ? 4 * (ulong)number : 0);
    }

    private void TakeInterrupt()
    {
        var pending = Pending & State->Mie;
        if (pending == 0)
            return;
        var privilege = (int)State->Privilege;
        var machine = privilege < MachineMode || (State->Mstatus & RiscvMstatus.MIE) != 0 ? pending & ~State->Mideleg : 0;
        var supervisor = privilege < Supervisor || privilege == Supervisor && (State->Mstatus & RiscvMstatus.SIE) != 0 ? pending & State->Mideleg : 0;
        var taken = machine != 0 ? machine : supervisor;
        if (taken == 0)
            return;
        foreach (var input in s_priorities)
            if ((taken >> (int)input & 1) != 0)
            {
                if (input == InterruptInput.SupervisorTimer)
                    TimerTaken?.Invoke();
                Trap(InterruptFlag | (ulong)input, 0);
                return;
            }
    }

    private void TakeOverSoftwareInterrupt()
    {
        if (!Volatile.Read(ref _softwareInterrupt))
            return;
        Volatile.Write(ref _softwareInterrupt, false);
        State->Mip |= SupervisorSoftwareBit;
    }

    /// <summary>Sets <see cref="HypercallTimer"/>, on the hart's thread; what follows from it, follows before the hart's next instruction.</summary>
    public void SetHypercallTimer(ulong tick)
    {
        HypercallTimer = tick;
        UpdateTimer(evenIfSame: false);
        if ((Volatile.Read(ref State->System.InterruptLines) & SupervisorTimerBit) != 0)
            Request(SystemAttention.Requested);
    }

    // S mode's timer is high from its tick on: its own register says which (Sstc), or the hypervisor for it.
    private void UpdateTimer(bool evenIfSame)
    {
        var tick = (State->Menvcfg & RiscvMenvcfg.STCE) != 0 ? State->Stimecmp : HypercallTimer;
        if (Hypercalls != null)
            tick = Math.Min(tick, HypercallTimer);
        if (tick == _timerTick && !evenIfSame)
            return;
        var isOver = tick != ClockAlarm.Never && _clock.Now >= tick;
        if (isOver)
            Interlocked.Or(ref State->System.InterruptLines, SupervisorTimerBit);
        else
            Interlocked.And(ref State->System.InterruptLines, ~SupervisorTimerBit);
        if (tick == _timerTick)
            return;
        _timerTick = tick;
        _alarm.Set(isOver ? ClockAlarm.Never : tick);
    }

    // For mtval and stval: what could not be executed.
    private ulong InstructionBits(ulong pc)
    {
        Span<byte> bytes = stackalloc byte[4];
        var fetched = Fetch(pc, bytes);
        if (fetched < 2)
            return 0;
        var length = Hart.Isa.LengthOf((ushort)(bytes[0] | bytes[1] << 8));
        return length == 2 || fetched < 4 ? (ulong)(bytes[0] | bytes[1] << 8) : BitConverter.ToUInt32(bytes);
    }
}
