namespace Dbt.Runtime.Linux.Syscalls;

/// <summary>The six arguments of a system call, as they stand in the guest's registers.</summary>
/// <param name="A">First.</param>
/// <param name="B">Second.</param>
/// <param name="C">Third.</param>
/// <param name="D">Fourth.</param>
/// <param name="E">Fifth.</param>
/// <param name="F">Sixth.</param>
public readonly record struct SyscallArguments(ulong A, ulong B = 0, ulong C = 0, ulong D = 0, ulong E = 0, ulong F = 0)
{
    /// <summary>An argument by its position, 0 to 5.</summary>
    public ulong this[int index] => index switch { 0 => A, 1 => B, 2 => C, 3 => D, 4 => E, _ => F };
}
