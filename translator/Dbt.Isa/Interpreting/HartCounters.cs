using System.Diagnostics;

namespace Dbt.Isa.Interpreting;

/// <summary>Counters that guests can read. Operations that read them are the last of their blocks, so the budget is exact there.</summary>
public static unsafe class HartCounters
{
    private const long TimeFrequency = 10_000_000;

    /// <summary>Instructions executed before this one.</summary>
    public static long Retired(HartHeader* state)
    {
        state->CountIsRead = 1;
        return state->RetiredBase - state->Budget - 1;
    }

    /// <summary>Cycles: one per instruction.</summary>
    public static long Cycle(HartHeader* state) => Retired(state);

    /// <summary>The host's monotonic clock at 10 MHz.</summary>
    public static long Time(HartHeader* state)
    {
        _ = state;
        return (long)((Int128)Stopwatch.GetTimestamp() * TimeFrequency / Stopwatch.Frequency);
    }
}
