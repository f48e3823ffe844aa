namespace Dbt.Fuzz.Programs;

/// <summary>What random programs may do.</summary>
internal enum ProgramStyle
{
    /// <summary>Runs to its end, and does only what QEMU does too: see <see cref="Qemu.QemuDifferences"/>.</summary>
    Portable,

    /// <summary>Runs to its end, with everything that there is.</summary>
    Complete,

    /// <summary>May also end early: wild and misaligned accesses, reserved rounding modes, unknown system registers, calls.</summary>
    Faulting,

    /// <summary>Ends early, mostly: the same, with accesses around the ends of everything that is mapped, and jumps into nowhere.</summary>
    Wild,
}
