using System.Buffers.Binary;

namespace Dbt.Runtime.Machine.Net;

/// <summary>The checksum of IPv4, ICMP, UDP and TCP (RFC 1071).</summary>
internal static class InternetChecksum
{
    /// <summary>Adds bytes to a sum; an odd one at the end counts as if a zero followed.</summary>
    public static ulong Add(ulong sum, ReadOnlySpan<byte> bytes)
    {
        // Sums of larger words fold to the same: 2^16 is 1 modulo 2^16 - 1.
        for (; bytes.Length >= sizeof(uint); bytes = bytes[sizeof(uint)..])
            sum += BinaryPrimitives.ReadUInt32BigEndian(bytes);
        if (bytes.Length >= sizeof(ushort))
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
            bytes = bytes[sizeof(ushort)..];
        }
        return bytes.Length > 0 ? sum + (uint)(bytes[0] << 8) : sum;
    }

    /// <summary>The sum of the pseudo header that UDP and TCP checksums begin with.</summary>
    public static ulong PseudoHeader(uint source, uint destination, byte protocol, int length) =>
        (ulong)source + destination + protocol + (uint)length;

    /// <summary>16 bits of a sum, not complemented.</summary>
    public static ushort Fold(ulong sum)
    {
        while (sum > ushort.MaxValue)
            sum = (sum & ushort.MaxValue) + (sum >> 16);
        return (ushort)sum;
    }

    /// <summary>The checksum: the complement of the sum.</summary>
    public static ushort Finish(ulong sum) => (ushort)~Fold(sum);
}
