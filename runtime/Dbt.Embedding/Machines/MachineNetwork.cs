namespace Dbt.Embedding.Machines;

/// <summary>A network card of a machine, in a network of its own: what the guest sends elsewhere goes there over sockets of this process.</summary>
public sealed record MachineNetwork
{
    /// <summary>Ports of this host that lead to the guest, as QEMU writes them: <c>tcp:[ADDRESS]:PORT-:GUESTPORT</c>. Without an address, for programs on this host only.</summary>
    public IReadOnlyList<string> Forwards { get; init; } = [];

    /// <summary>Whether the guest reaches nothing outside, services of this host included. True unless it is said.</summary>
    public bool IsRestricted { get; init; } = true;
}
