namespace Dbt.Bench.Comparing;

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">Its exit code, or 128 + n when signal n killed it.</param>
/// <param name="Wall">From its start to its end.</param>
/// <param name="Cpu">User and system time.</param>
/// <param name="PeakMemory">Most of the host's memory that it had at a time, in bytes.</param>
internal readonly record struct ChildResult(int ExitCode, TimeSpan Wall, TimeSpan Cpu, long PeakMemory);
