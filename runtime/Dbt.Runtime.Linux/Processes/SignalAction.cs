namespace Dbt.Runtime.Linux.Processes;

/// <summary>What the guest wants done on a signal, as rt_sigaction set it.</summary>
/// <param name="Handler">Address of a handler, or <see cref="Default"/> or <see cref="Ignore"/>.</param>
/// <param name="Flags">SA_ flags.</param>
/// <param name="Restorer">Where a handler returns to, on architectures that let the guest say; else 0.</param>
/// <param name="Mask">Signals blocked while the handler runs.</param>
internal readonly record struct SignalAction(ulong Handler, ulong Flags, ulong Restorer, ulong Mask)
{
    /// <summary>SIG_DFL.</summary>
    public const ulong Default = 0;

    /// <summary>SIG_IGN.</summary>
    public const ulong Ignore = 1;
}
