using System.Runtime.InteropServices;
using Dbt.Isa;
using Dbt.Runtime.Linux.Abi;
using Dbt.Translator.Hypercalls;

namespace Dbt.Runtime.Linux.Syscalls;

/// <summary>
/// System calls that need nothing of the guest's process, so that a hart can make them without coming back here: what becomes of each, in the
/// shapes that translated code is patched with. Whatever they cannot do goes to <see cref="SyscallDispatcher"/> after all.
/// </summary>
public static unsafe class PatchedCalls
{
    /// <summary>The word of a hart (<see cref="HartHeader.CallWords"/>) that has its thread's number.</summary>
    internal const int ThreadWord = 0;

    // Of struct timespec and timeval, in words.
    private const int TimeWords = 2;

    private const string HostLibrary = "libc.so.6";

    /// <summary>The table of a process's calls. It must be disposed after the engine that uses it.</summary>
    /// <param name="isa">The guest's instruction set.</param>
    /// <param name="abi">How Linux looks on it.</param>
    public static HypercallTable Create(GuestIsa isa, LinuxAbi abi)
    {
        ArgumentNullException.ThrowIfNull(isa);
        ArgumentNullException.ThrowIfNull(abi);
        var table = new HypercallTable(isa, abi.CallConvention);
        var result = abi.CallConvention.Results[0];
        Set(SyscallNumber.getpid, Hypercall.Inline(HypercallStep.Set(result, Environment.ProcessId)));
        Set(SyscallNumber.gettid, Hypercall.Inline(HypercallStep.Load(result, ThreadWord)));
        Set(SyscallNumber.sched_yield, abi.YieldCall);
        // The host's functions read the clock in its vDSO, without its kernel.
        if (NativeLibrary.TryLoad(HostLibrary, out var library))
        {
            if (NativeLibrary.TryGetExport(library, "clock_gettime", out var clock))
                Set(SyscallNumber.clock_gettime, Hypercall.Ask(new HostQuery(clock, 2, 1, TimeWords)));
            if (NativeLibrary.TryGetExport(library, "gettimeofday", out var time))
                Set(SyscallNumber.gettimeofday, Hypercall.Ask(new HostQuery(time, 2, 0, TimeWords, Absent: 1)));
        }
        return table;

        void Set(SyscallNumber number, Hypercall action) => table.Set(new HypercallKey((ulong)number), action);
    }
}
