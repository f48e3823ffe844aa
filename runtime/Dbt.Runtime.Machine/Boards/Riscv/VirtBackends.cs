using Dbt.Runtime.Machine.Devices;
using Dbt.Runtime.Machine.Virtio;

namespace Dbt.Runtime.Machine.Boards.Riscv;

/// <summary>What is behind a board's devices.</summary>
/// <param name="Console">The other end of the serial port.</param>
/// <param name="Control">Who switches the machine off.</param>
public sealed record VirtBackends(IConsole Console, ISystemControl Control)
{
    /// <summary>The virtio devices, in the order in which the guest finds them.</summary>
    public IReadOnlyList<VirtioOptions> Virtio { get; init; } = [];

    /// <summary>The host's clock and timers.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
