using System.Runtime.InteropServices;
using Dbt.Isa;
using Dbt.Isa.Riscv;
using Dbt.Runtime.Machine.Harts.Riscv;
using Dbt.Translator;
using Dbt.Translator.Hypercalls;

namespace Dbt.Runtime.Machine.Sbi.Riscv;

/// <summary>
/// What becomes of the calls of S mode that a hart can answer without leaving its engine: in the shapes that translated code is patched with. The
/// others, which start and stop harts and machines, go to <see cref="SupervisorInterface"/> by way of the hart's exceptions.
/// </summary>
public static unsafe class PatchedCalls
{
    private const int FirstArgument = 10, FunctionRegister = 16, ExtensionRegister = 17;

    private static readonly HypercallConvention s_convention = new(
        ExtensionRegister,
        FunctionRegister,
        [FirstArgument, FirstArgument + 1, FirstArgument + 2, FirstArgument + 3, FirstArgument + 4, FirstArgument + 5],
        [FirstArgument, FirstArgument + 1])
    {
        IsPrivileged = true,
    };

    /// <summary>The name of a call, as the specification has it; null for one that is not known.</summary>
    public static string? NameOf(HypercallKey key) => (key.Number, key.Function) switch
    {
        (SbiExtension.LegacySetTimer, _) => "legacy set_timer",
        (SbiExtension.LegacyPutCharacter, _) => "legacy console_putchar",
        (SbiExtension.LegacyGetCharacter, _) => "legacy console_getchar",
        (SbiExtension.LegacyShutdown, _) => "legacy shutdown",
        (SbiExtension.Base, 0) => "BASE get_spec_version",
        (SbiExtension.Base, 1) => "BASE get_impl_id",
        (SbiExtension.Base, 2) => "BASE get_impl_version",
        (SbiExtension.Base, 3) => "BASE probe_extension",
        (SbiExtension.Base, 4) => "BASE get_mvendorid",
        (SbiExtension.Base, 5) => "BASE get_marchid",
        (SbiExtension.Base, 6) => "BASE get_mimpid",
        (SbiExtension.Timer, 0) => "TIME set_timer",
        (SbiExtension.Interrupts, 0) => "IPI send",
        (SbiExtension.RemoteFence, 0) => "RFENCE fence_i",
        (SbiExtension.RemoteFence, 1) => "RFENCE sfence_vma",
        (SbiExtension.RemoteFence, 2) => "RFENCE sfence_vma_asid",
        (SbiExtension.HartState, var function) => $"HSM {function}",
        (SbiExtension.SystemReset, 0) => "SRST reset",
        (SbiExtension.DebugConsole, 0) => "DBCN write",
        (SbiExtension.DebugConsole, 1) => "DBCN read",
        (SbiExtension.DebugConsole, 2) => "DBCN write_byte",
        (SbiExtension.PerformanceMonitor, 5) => "PMU fw_read",
        (SbiExtension.PerformanceMonitor, 6) => "PMU fw_read_hi",
        (SbiExtension.PerformanceMonitor, var function) => $"PMU {function}",
        (SbiExtension.SystemSuspend, 0) => "SUSP suspend",
        (SbiExtension.StealTime, 0) => "STA set_shmem",
        _ => null,
    };

    /// <summary>The table of a machine's calls.</summary>
    internal static HypercallTable Create()
    {
        var table = new HypercallTable(RiscvRv64.Instance, s_convention);
        for (ulong function = 0; function <= 6; function++)
            if (SupervisorInterface.ConstantOf(function) is { } value)
                table.Set(new(SbiExtension.Base, function), Hypercall.Inline(HypercallStep.Set(FirstArgument, 0), HypercallStep.Set(FirstArgument + 1, (long)value)));
        var call = Hypercall.Call(&Call);
        (ulong Extension, ulong[] Functions)[] called =
        [
            (SbiExtension.Base, [3]), (SbiExtension.Timer, [0]), (SbiExtension.Interrupts, [0]), (SbiExtension.RemoteFence, [0, 1, 2]),
            (SbiExtension.DebugConsole, [0, 1, 2]), (SbiExtension.PerformanceMonitor, [5, 6]),
        ];
        foreach (var (extension, functions) in called)
            foreach (var function in functions)
                table.Set(new(extension, function), call);
        return table;
    }

    // Its effects on this hart are attended to before its next instruction.
    [UnmanagedCallersOnly]
    private static int Call(HartHeader* state)
    {
        try
        {
            var hart = (MachineHart)Hart.FromState(state).Code;
            hart.Hypercalls!.Call(hart);
            return 1;
        }
#pragma warning disable CA1031 // Frames of no managed code are below: the hart makes the call once more, where an exception may leave.
        catch (Exception)
#pragma warning restore CA1031
        {
            return 0;
        }
    }
}
