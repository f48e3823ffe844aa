using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Devices;
using Dbt.Runtime.Machine.Harts.Riscv;
using Dbt.Runtime.Machine.Interrupts;
using Dbt.Runtime.Machine.Timers;
using Dbt.Translator.Engines;

namespace Dbt.Runtime.Machine.Sbi.Riscv;

/// <summary>
/// The calls that S mode makes of its firmware, answered by the hypervisor (RISC-V SBI Specification 2.0): Base, TIME, IPI, RFENCE, HSM, SRST,
/// DBCN, PMU, SUSP, STA, and of the legacy calls those for a first console. Arguments are hostile.
/// </summary>
internal sealed class SupervisorInterface(
    IReadOnlyList<SbiHart> harts, PhysicalMemory memory, IEngine engine, IConsole console, ISystemControl control) : IHypercallHandler
{
    // Implementation ids are given out by the specification's authors; this one is not taken.
    private const ulong ImplementationId = 0xDB7, ImplementationVersion = 1;
    private const ulong SpecificationVersion = 2 << 24;
    private const int FirstArgument = 10, FunctionRegister = 16, ExtensionRegister = 17;

    // Types of a hart's suspension; the others are platforms' own.
    private const uint RetentiveSuspend = 0, NonRetentiveSuspend = 0x8000_0000;

    // More in one call than anyone writes; the guest goes on with the rest.
    private const int MostConsoleBytes = 4096;

    private static readonly ulong[] s_extensions =
    [
        SbiExtension.LegacySetTimer, SbiExtension.LegacyPutCharacter, SbiExtension.LegacyGetCharacter, SbiExtension.LegacyShutdown, SbiExtension.Base,
        SbiExtension.Timer, SbiExtension.Interrupts, SbiExtension.RemoteFence, SbiExtension.HartState, SbiExtension.SystemReset, SbiExtension.DebugConsole,
        SbiExtension.PerformanceMonitor, SbiExtension.SystemSuspend, SbiExtension.StealTime,
    ];

    /// <inheritdoc/>
    public void Call(MachineHart hart)
    {
        var extension = hart[ExtensionRegister];
        if (extension <= SbiExtension.LegacyShutdown)
        {
            hart[FirstArgument] = (ulong)Legacy(hart, extension);
            return;
        }
        ulong value = 0;
        var function = hart[FunctionRegister];
        var error = extension switch
        {
            SbiExtension.Base => Base(hart, function, out value),
            SbiExtension.Timer => Timer(hart, function),
            SbiExtension.Interrupts => SendInterrupts(hart, function),
            SbiExtension.RemoteFence => Fence(hart, function),
            SbiExtension.HartState => HartState(hart, function, out value),
            SbiExtension.SystemReset => Reset(hart, function),
            SbiExtension.DebugConsole => DebugConsole(hart, function, out value),
            SbiExtension.PerformanceMonitor => harts[hart.Id].Performance.Call(function, Argument(hart, 0), Argument(hart, 1), Argument(hart, 2), Argument(hart, 3), out value),
            SbiExtension.SystemSuspend => Suspend(hart, function),
            SbiExtension.StealTime when function == 0 => harts[hart.Id].Steal.Place(Argument(hart, 0), Argument(hart, 1), Argument(hart, 2)),
            _ => SbiError.NotSupported,
        };
        hart[FirstArgument] = (ulong)error;
        hart[FirstArgument + 1] = value;
    }

    private static ulong Argument(MachineHart hart, int number) => hart[FirstArgument + number];

    private static SbiError Base(MachineHart hart, ulong function, out ulong value)
    {
        value = function == 3 && s_extensions.Contains(Argument(hart, 0)) ? 1UL : ConstantOf(function) ?? 0;
        return function <= 6 ? SbiError.Success : SbiError.NotSupported;
    }

    /// <summary>What a function of the Base extension always gives; null when it depends.</summary>
    public static ulong? ConstantOf(ulong function) => function switch
    {
        0 => SpecificationVersion,
        1 => ImplementationId,
        2 => ImplementationVersion,
        4 or 5 or 6 => 0,
        _ => null,
    };

    private SbiError Timer(MachineHart hart, ulong function)
    {
        if (function != 0)
            return SbiError.NotSupported;
        SetTimer(hart, Argument(hart, 0));
        return SbiError.Success;
    }

    private void SetTimer(MachineHart hart, ulong tick)
    {
        hart.SetHypercallTimer(tick == ulong.MaxValue ? ClockAlarm.Never : tick);
        harts[hart.Id].Performance.Note(FirmwareEvent.SetTimer);
    }

    private SbiError SendInterrupts(MachineHart hart, ulong function)
    {
        if (function != 0)
            return SbiError.NotSupported;
        var error = Select(Argument(hart, 0), Argument(hart, 1), out var targets);
        if (error != SbiError.Success)
            return error;
        foreach (var target in targets)
        {
            target.Hart.SetPending(InterruptInput.SupervisorSoftware, true);
            harts[hart.Id].Performance.Note(FirmwareEvent.InterruptSent);
            target.Performance.Note(FirmwareEvent.InterruptReceived);
        }
        return SbiError.Success;
    }

    private SbiError Fence(MachineHart hart, ulong function)
    {
        if (function > 2)
            return SbiError.NotSupported;
        var error = Select(Argument(hart, 0), Argument(hart, 1), out var targets);
        if (error != SbiError.Success)
            return error;
        if (function == 0)
            engine.InvalidateChanged();
        foreach (var target in targets)
        {
            harts[hart.Id].Performance.Note(FirmwareEvent.InstructionFenceSent + 2 * (int)function);
            target.Performance.Note(FirmwareEvent.InstructionFenceReceived + 2 * (int)function);
        }
        // Who waits executes nothing, so harts that fence one another do not wait for ever.
        hart.IsIdle = true;
        var requests = targets.Select(target => (target.Hart, Request: target.Hart.RequestFence())).ToArray();
        var spin = new SpinWait();
        while (requests.Any(request => !request.Hart.IsFenced(request.Request)))
            spin.SpinOnce();
        hart.IsIdle = false;
        return SbiError.Success;
    }

    private SbiError HartState(MachineHart hart, ulong function, out ulong value)
    {
        value = 0;
        var number = Argument(hart, 0);
        var self = harts[hart.Id];
        switch (function)
        {
            case 0 when number >= (ulong)harts.Count:
            case 2 when number >= (ulong)harts.Count:
                return SbiError.InvalidParameter;
            case 0:
                if (!memory.IsRam(Argument(hart, 1), 2))
                    return SbiError.InvalidAddress;
                var (address, argument) = (Argument(hart, 1), Argument(hart, 2));
                return harts[(int)number].TryStart(started => started.StartSupervisor(address, argument)) ? SbiError.Success : SbiError.AlreadyAvailable;
            case 1:
                self.Stop();
                return SbiError.Success;
            case 2:
                value = (ulong)harts[(int)number].State;
                return SbiError.Success;
            case 3 when (uint)number == RetentiveSuspend:
                self.Suspend(null);
                return SbiError.Success;
            case 3 when (uint)number == NonRetentiveSuspend:
                if (!memory.IsRam(Argument(hart, 1), 2))
                    return SbiError.InvalidAddress;
                self.Suspend((Argument(hart, 1), Argument(hart, 2)));
                return SbiError.Success;
            case 3:
                return SbiError.InvalidParameter;
            default:
                return SbiError.NotSupported;
        }
    }

    // Suspend to RAM, the only sleep that is not reserved: of the last hart that is on.
    private SbiError Suspend(MachineHart hart, ulong function)
    {
        if (function != 0)
            return SbiError.NotSupported;
        if ((uint)Argument(hart, 0) != 0)
            return SbiError.InvalidParameter;
        if (!memory.IsRam(Argument(hart, 1), 2))
            return SbiError.InvalidAddress;
        if (harts.Any(other => other.Hart != hart && other.State is not (SbiHartState.Stopped or SbiHartState.StopPending)))
            return SbiError.Denied;
        harts[hart.Id].Suspend((Argument(hart, 1), Argument(hart, 2)));
        return SbiError.Success;
    }

    private SbiError Reset(MachineHart hart, ulong function)
    {
        if (function != 0)
            return SbiError.NotSupported;
        var failed = (uint)Argument(hart, 1) != 0;
        switch ((uint)Argument(hart, 0))
        {
            case 0:
                control.PowerOff(failed ? 1 : 0);
                return SbiError.Success;
            case 1 or 2:
                control.Reset();
                return SbiError.Success;
            default:
                return SbiError.InvalidParameter;
        }
    }

    private SbiError DebugConsole(MachineHart hart, ulong function, out ulong value)
    {
        value = 0;
        switch (function)
        {
            case 0 or 1:
                var length = (int)Math.Min(Argument(hart, 0), MostConsoleBytes);
                if (Argument(hart, 2) != 0 || !memory.TryGetSpan(Argument(hart, 1), length, out var bytes))
                    return SbiError.InvalidParameter;
                if (function == 0)
                {
                    console.Write(bytes);
                }
                else
                {
                    length = console.Read(bytes);
                    memory.NoteWritten(Argument(hart, 1), (ulong)length);
                }
                value = (ulong)length;
                return SbiError.Success;
            case 2:
                console.Write([(byte)Argument(hart, 0)]);
                return SbiError.Success;
            default:
                return SbiError.NotSupported;
        }
    }

    private long Legacy(MachineHart hart, ulong extension)
    {
        switch (extension)
        {
            case SbiExtension.LegacySetTimer:
                SetTimer(hart, Argument(hart, 0));
                return 0;
            case SbiExtension.LegacyPutCharacter:
                console.Write([(byte)Argument(hart, 0)]);
                return 0;
            case SbiExtension.LegacyGetCharacter:
                Span<byte> read = stackalloc byte[1];
                return console.Read(read) == 1 ? read[0] : -1;
            case SbiExtension.LegacyShutdown:
                control.PowerOff(0);
                return 0;
            default:
                return (long)SbiError.NotSupported;
        }
    }

    // A mask of harts from a number on; all of them when that is -1.
    private SbiError Select(ulong mask, ulong first, out List<SbiHart> targets)
    {
        targets = [];
        for (var number = 0; number < harts.Count; number++)
        {
            var bit = (ulong)number - first;
            if (first == ulong.MaxValue || bit < 64 && (mask >> (int)bit & 1) != 0)
                targets.Add(harts[number]);
        }
        if (first == ulong.MaxValue)
            return SbiError.Success;
        var known = first >= (ulong)harts.Count ? 0 : ulong.MaxValue >> (64 - Math.Min(64, harts.Count - (int)first));
        return (mask & ~known) == 0 ? SbiError.Success : SbiError.InvalidParameter;
    }
}
