using System.Net.Sockets;
using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Devices;
using Dbt.Runtime.Machine.Net;

namespace Dbt.Runtime.Machine.Virtio;

/// <summary>
/// A network card in a network of its own, 10.0.2.0/24: the guest is 10.0.2.15, the host 10.0.2.2, a name server 10.0.2.3. What the guest
/// sends elsewhere goes there over sockets of this process.
/// </summary>
public sealed record NetworkOptions : VirtioOptions
{
    /// <summary>Ports of the host that lead to the guest.</summary>
    public IReadOnlyList<PortForward> Forwards { get; init; } = [];

    /// <summary>Whether the guest reaches nothing outside, services of the host included.</summary>
    public bool IsRestricted { get; init; }

    /// <exception cref="DeviceException">A port cannot be had.</exception>
    internal override VirtioDevice Create(PhysicalMemory memory)
    {
        try
        {
            return new NetworkDevice(memory, new UserNetwork(Forwards, IsRestricted));
        }
        catch (SocketException error)
        {
            throw new DeviceException($"a port to forward cannot be had: {error.Message}; is it in use, or below 1024?", error);
        }
    }
}
