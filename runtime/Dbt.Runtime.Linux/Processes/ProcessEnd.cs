namespace Dbt.Runtime.Linux.Processes;

/// <summary>How a guest process ended.</summary>
/// <param name="ExitCode">What a shell would see: the guest's code, 128 + n for signal n, or 124 when its budget was used up.</param>
/// <param name="Signal">The signal that killed it, or None.</param>
/// <param name="Details">What is known of the cause, for people; may be empty.</param>
internal sealed record ProcessEnd(int ExitCode, Signal Signal = Signal.None, string Details = "")
{
    /// <summary>Exit code of a guest that used up its instruction budget: that of timeout(1).</summary>
    public const int BudgetExitCode = 124;

    /// <summary>The end of a process that called exit or exit_group.</summary>
    public static ProcessEnd ByExit(int code) => new(code & 0xff);

    /// <summary>The end of a process that a signal killed.</summary>
    public static ProcessEnd BySignal(Signal signal, string details = "") => new(128 + (int)signal, signal, details);
}
