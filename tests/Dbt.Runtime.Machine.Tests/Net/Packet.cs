using System.Buffers.Binary;
using Dbt.Runtime.Machine.Net;

namespace Dbt.Runtime.Machine.Tests.Net;

/// <summary>Frames as a guest builds and reads them.</summary>
internal static class Packet
{
    public const uint Guest = 0x0a00_020f, Gateway = 0x0a00_0202, NameServer = 0x0a00_0203;

    private static readonly byte[] s_hardware = [0x52, 0x54, 0, 0x12, 0x34, 0x56];

    public static byte[] Ethernet(ushort type, byte[] payload) => [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, .. s_hardware, (byte)(type >> 8), (byte)type, .. payload];

    public static byte[] Ip(uint source, uint destination, byte protocol, byte[] payload)
    {
        var header = new byte[20];
        header[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)(20 + payload.Length));
        header[8] = 64;
        header[9] = protocol;
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(12), source);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(16), destination);
        return Ethernet(0x0800, [.. header, .. payload]);
    }

    public static byte[] Udp(uint destination, ushort sourcePort, ushort destinationPort, byte[] payload, uint source = Guest)
    {
        var header = new byte[8];
        BinaryPrimitives.WriteUInt16BigEndian(header, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), destinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(4), (ushort)(8 + payload.Length));
        return Ip(source, destination, 17, [.. header, .. payload]);
    }

    /// <summary>The payload of an IP frame for the guest, whose checksums are looked at.</summary>
    public static byte[] IpPayload(byte[] frame, byte protocol, out uint source)
    {
        Assert.Equal(s_hardware, frame[..6]);
        Assert.Equal(0x0800, Half(frame, 12));
        var packet = frame[14..];
        Assert.Equal((0x45, protocol), (packet[0], packet[9]));
        Assert.Equal(0, InternetChecksum.Finish(InternetChecksum.Add(0, packet.AsSpan(0, 20))));
        Assert.Equal(packet.Length, Half(packet, 2));
        source = Word(packet, 12);
        return packet[20..];
    }

    /// <summary>Whether the checksum of a UDP or TCP payload is right.</summary>
    public static bool HasChecksum(byte[] payload, byte protocol, uint source, uint destination) =>
        InternetChecksum.Finish(InternetChecksum.Add(InternetChecksum.PseudoHeader(source, destination, protocol, payload.Length), payload)) == 0;

    public static ushort Half(byte[] bytes, int offset) => BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(offset));

    public static uint Word(byte[] bytes, int offset) => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(offset));
}
