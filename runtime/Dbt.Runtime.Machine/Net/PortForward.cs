using System.Globalization;
using System.Net;

namespace Dbt.Runtime.Machine.Net;

/// <summary>A port of the host at which a port of the guest is reached, by TCP.</summary>
/// <param name="Host">Address and port of the host.</param>
/// <param name="GuestPort">Port of the guest.</param>
public sealed record PortForward(IPEndPoint Host, ushort GuestPort)
{
    /// <summary>
    /// Reads <c>tcp:[ADDRESS]:PORT-:GUESTPORT</c>, as QEMU has it. Without an address only programs on this host reach the guest: the
    /// network is let in by 0.0.0.0.
    /// </summary>
    public static bool TryParse(string text, out PortForward? forward)
    {
        ArgumentNullException.ThrowIfNull(text);
        forward = null;
        if (text.Split('-') is not [var host, var guest] || host.Split(':') is not ["tcp", var address, var hostPort] || guest.Split(':') is not [_, var guestPort])
            return false;
        var ip = IPAddress.Loopback;
        if (address.Length > 0 && !IPAddress.TryParse(address, out ip!)
            || !ushort.TryParse(hostPort, NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            || !ushort.TryParse(guestPort, NumberStyles.None, CultureInfo.InvariantCulture, out var to) || to == 0)
            return false;
        forward = new PortForward(new IPEndPoint(ip, from), to);
        return true;
    }
}
