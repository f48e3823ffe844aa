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

    /// <summary>SA_ONSTACK: the handler runs on the alternate stack.</summary>
    public const ulong OnStack = 0x08000000;

    /// <summary>SA_NODEFER: the signal is not blocked while its handler runs.</summary>
    public const ulong NoDefer = 0x40000000;

    /// <summary>SA_RESETHAND: the handler is called once.</summary>
    public const ulong ResetHandler = 0x80000000;

    /// <summary>Whether there is a handler to call.</summary>
    public bool HasHandler => Handler is not (Default or Ignore);
}
