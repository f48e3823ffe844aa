using System.Numerics;
using Dbt.Runtime.Machine.Harts.Riscv;
using Dbt.Runtime.Machine.Snapshots;

namespace Dbt.Runtime.Machine.Sbi.Riscv;

/// <summary>
/// The PMU extension (RISC-V SBI Specification 2.0, chapter 11) of one hart: its counters of cycles and instructions, and 16 that count what was
/// asked of the hypervisor. Events may be noted by any thread; everything else is done by the hart's.
/// </summary>
internal sealed class PerformanceMonitor(MachineHart hart)
{
    private const int Cycles = 0, Time = 1, Instructions = 2, FirstFirmware = 3, FirmwareCounters = 16, Count = FirstFirmware + FirmwareCounters;
    private const ulong CycleRegister = 0xC00, BitsMinusOne = 63, IsFirmware = 1UL << 63;
    private const ulong SkipMatch = 1, ClearValue = 2, AutoStart = 4, SetInitialValue = 1, ResetEvent = 1;
    private const ulong HardwareEvents = 0, FirmwareEvents = 15, CycleEvent = 1, InstructionEvent = 2;

    private readonly ulong[] _events = new ulong[(int)FirmwareEvent.LastGuestFence + 1];
    private readonly Counter[] _counters = new Counter[Count];

    /// <summary>An event happened. From any thread.</summary>
    public void Note(FirmwareEvent happened) => Interlocked.Increment(ref _events[(int)happened]);

    /// <summary>Answers a call.</summary>
    /// <param name="function">Its number.</param>
    /// <param name="first">a0, of most functions the first counter that is meant.</param>
    /// <param name="mask">a1, the counters that are meant, from the first on.</param>
    /// <param name="flags">a2.</param>
    /// <param name="argument">a3: an event, or a value to begin with.</param>
    /// <param name="value">The result.</param>
    public SbiError Call(ulong function, ulong first, ulong mask, ulong flags, ulong argument, out ulong value)
    {
        value = 0;
        switch (function)
        {
            case 0:
                value = Count;
                return SbiError.Success;
            case 1:
                return Describe(first, out value);
            case 2:
                return Configure(first, mask, flags, argument, out value);
            case 3:
                return OnEach(first, mask, counter => Start(counter, (flags & SetInitialValue) != 0 ? argument : null), SbiError.AlreadyStarted);
            case 4:
                return OnEach(first, mask, counter => Stop(counter, (flags & ResetEvent) != 0), SbiError.AlreadyStopped);
            case 5:
                return Read(first, out value);
            case 6:
                // The upper half, of harts with 32 bits.
                return Read(first, out _);
            default:
                return SbiError.NotSupported;
        }
    }

    /// <summary>Writes its state.</summary>
    public void Save(SnapshotWriter writer)
    {
        writer.Write(_events);
        foreach (var counter in _counters)
        {
            writer.Write([counter.IsUsed ? 1u : 0, counter.IsRunning ? 1u : 0, (uint)counter.Event]);
            writer.Write(counter.Value);
        }
    }

    /// <summary>Takes it up again.</summary>
    public void Load(SnapshotReader reader)
    {
        reader.Read(_events);
        Span<uint> numbers = stackalloc uint[3];
        foreach (ref var counter in _counters.AsSpan())
        {
            reader.Read(numbers);
            if (numbers[2] >= (uint)_events.Length)
                throw SnapshotReader.Broken();
            counter = new Counter { IsUsed = numbers[0] != 0, IsRunning = numbers[1] != 0, Event = (FirmwareEvent)numbers[2], Value = reader.ReadUInt64() };
        }
    }

    // The time is no counter that can be stopped: its place stays empty.
    private static bool Exists(ulong counter) => counter < Count && counter != Time;

    private static SbiError Describe(ulong counter, out ulong value)
    {
        value = counter >= FirstFirmware ? IsFirmware : CycleRegister + counter | BitsMinusOne << 12;
        return Exists(counter) ? SbiError.Success : SbiError.InvalidParameter;
    }

    private SbiError Configure(ulong first, ulong mask, ulong flags, ulong wanted, out ulong value)
    {
        value = 0;
        if (mask == 0 || first >= Count)
            return SbiError.InvalidParameter;
        var (type, code) = (wanted >> 16 & 0xF, wanted & 0xFFFF);
        int[] able = (type, code) switch
        {
            (HardwareEvents, CycleEvent) => [Cycles],
            (HardwareEvents, InstructionEvent) => [Instructions],
            (FirmwareEvents, <= (ulong)FirmwareEvent.LastGuestFence) => [.. Enumerable.Range(FirstFirmware, FirmwareCounters)],
            _ => [],
        };
        foreach (var counter in able)
        {
            if ((ulong)counter - first is not (< 64 and var bit) || (mask >> (int)bit & 1) == 0 || _counters[counter].IsUsed && (flags & SkipMatch) == 0)
                continue;
            if ((flags & SkipMatch) != 0 && (ulong)counter != first + (ulong)BitOperations.TrailingZeroCount(mask))
                continue;
            ref var configured = ref _counters[counter];
            (configured.IsUsed, configured.Event) = (true, (FirmwareEvent)code);
            if ((flags & ClearValue) != 0)
                Set(counter, 0);
            if ((flags & AutoStart) != 0)
                Start(counter, null);
            value = (ulong)counter;
            return SbiError.Success;
        }
        return SbiError.NotSupported;
    }

    // All that can be done is done, even if one of them was so already.
    private static SbiError OnEach(ulong first, ulong mask, Func<int, bool> change, SbiError already)
    {
        for (var set = mask; set != 0; set &= set - 1)
            if (!Exists(first + (ulong)BitOperations.TrailingZeroCount(set)))
                return SbiError.InvalidParameter;
        var error = SbiError.Success;
        for (var set = mask; set != 0; set &= set - 1)
            if (!change((int)first + BitOperations.TrailingZeroCount(set)))
                error = already;
        return error;
    }

    private bool Start(int counter, ulong? initial)
    {
        if (IsRunning(counter))
            return false;
        if (initial is { } value)
            Set(counter, value);
        if (counter < FirstFirmware)
        {
            hart.RunCounter(counter, true);
            return true;
        }
        ref var started = ref _counters[counter];
        (started.IsRunning, started.Value) = (true, started.Value - EventCount(started.Event));
        return true;
    }

    private bool Stop(int counter, bool resets)
    {
        ref var stopped = ref _counters[counter];
        var wasRunning = IsRunning(counter);
        if (wasRunning && counter < FirstFirmware)
            hart.RunCounter(counter, false);
        else if (wasRunning)
            (stopped.IsRunning, stopped.Value) = (false, stopped.Value + EventCount(stopped.Event));
        if (resets)
            stopped.IsUsed = false;
        return wasRunning;
    }

    private bool IsRunning(int counter) => counter < FirstFirmware ? hart.IsCounterRunning(counter) : _counters[counter].IsRunning;

    private void Set(int counter, ulong value)
    {
        if (counter < FirstFirmware)
            hart.SetCounter(counter, value);
        else
            _counters[counter].Value = _counters[counter].IsRunning ? value - EventCount(_counters[counter].Event) : value;
    }

    private SbiError Read(ulong number, out ulong value)
    {
        value = 0;
        if (number is < FirstFirmware or >= Count)
            return SbiError.InvalidParameter;
        var counter = _counters[number];
        value = counter.IsRunning ? counter.Value + EventCount(counter.Event) : counter.Value;
        return SbiError.Success;
    }

    private ulong EventCount(FirmwareEvent counted) => Volatile.Read(ref _events[(int)counted]);

    private struct Counter
    {
        /// <summary>Whether it has an event, and counts it.</summary>
        public bool IsUsed, IsRunning;

        public FirmwareEvent Event;

        /// <summary>What it shows while it stands still; while it runs, what it is ahead of its event's count.</summary>
        public ulong Value;
    }
}
