using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Dbt.Runtime.Machine.Net;

/// <summary>The guest's network: 10.0.2.0/24, with the addresses that QEMU's user network has.</summary>
internal static class Subnet
{
    public const uint Network = 0x0a00_0200, Mask = 0xffff_ff00, Broadcast = Network | ~Mask;

    /// <summary>The host: its loopback services, and the way to everything else.</summary>
    public const uint Gateway = Network | 2;

    /// <summary>A name server, which is the host's.</summary>
    public const uint NameServer = Network | 3;

    /// <summary>The guest.</summary>
    public const uint Guest = Network | 15;

    public const ushort NamePort = 53;

    private const uint Loopback = 0x7f00_0001;

    /// <summary>The gateway's hardware address; the name server has it too.</summary>
    public static ReadOnlySpan<byte> GatewayHardware => [0x52, 0x55, 0x0a, 0x00, 0x02, 0x02];

    /// <summary>Whether an address is one of this network's.</summary>
    public static bool Contains(uint address) => (address & Mask) == Network;

    /// <summary>Where the host reaches what the guest calls by an address.</summary>
    /// <returns>False for addresses that lead nowhere: the guest's network but for the gateway, other loopback, multicast.</returns>
    public static bool TryToHost(uint address, uint nameServer, out uint host)
    {
        host = address switch
        {
            Gateway => Loopback,
            NameServer => nameServer,
            _ => address,
        };
        return address is Gateway or NameServer || !Contains(address) && address >> 24 is > 0 and < 224 and not 127;
    }

    /// <summary>The name server of the host, which the guest's questions go to.</summary>
    public static uint HostNameServer()
    {
        try
        {
            foreach (var line in File.ReadLines("/etc/resolv.conf"))
            {
                if (line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is ["nameserver", var text, ..] && IPAddress.TryParse(text, out var address)
                    && address.AddressFamily == AddressFamily.InterNetwork)
                    return FromBytes(address.GetAddressBytes());
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Without one, names are asked for where a local server would be.
        }
        return Loopback;
    }

    /// <summary>An address of four bytes.</summary>
    public static uint FromBytes(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32BigEndian(bytes);

    /// <summary>An address as sockets have it.</summary>
    public static IPAddress ToIPAddress(uint address) => new([(byte)(address >> 24), (byte)(address >> 16), (byte)(address >> 8), (byte)address]);
}
