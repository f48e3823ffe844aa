using System.Buffers.Binary;

namespace Dbt.Runtime.Machine.Net;

/// <summary>Leases the one address that there is (RFC 2131).</summary>
internal static class DhcpServer
{
    public const ushort ServerPort = 67, ClientPort = 68;

    private const int FixedLength = 240, CookieOffset = 236;
    private const uint Cookie = 0x6382_5363, Lease = 86_400;
    private const byte Discover = 1, Offer = 2, Request = 3, Acknowledge = 5, Refuse = 6;
    private const byte MaskOption = 1, RouterOption = 3, NameServerOption = 6, RequestedOption = 50, LeaseOption = 51, TypeOption = 53, ServerOption = 54, EndOption = 255;

    /// <summary>Answers a client.</summary>
    /// <param name="request">What it sent.</param>
    /// <param name="reply">Receives the answer; 300 bytes or more.</param>
    /// <returns>Bytes of the answer; 0: there is none.</returns>
    public static int Answer(ReadOnlySpan<byte> request, Span<byte> reply)
    {
        const byte bootRequest = 1, bootReply = 2;
        if (request.Length < FixedLength || request[0] != bootRequest || BinaryPrimitives.ReadUInt32BigEndian(request[CookieOffset..]) != Cookie)
            return 0;
        if (Option(request, TypeOption) is not [var type] || type is not (Discover or Request))
            return 0;
        var wanted = Option(request, RequestedOption) is { Length: 4 } option ? BinaryPrimitives.ReadUInt32BigEndian(option) : BinaryPrimitives.ReadUInt32BigEndian(request[12..]);
        var answer = type == Discover ? Offer : wanted is Subnet.Guest or 0 ? Acknowledge : Refuse;
        reply = reply[..300];
        reply.Clear();
        request[..44].CopyTo(reply); // hardware address and transaction
        reply[0] = bootReply;
        reply[8..28].Clear();
        if (answer != Refuse)
            BinaryPrimitives.WriteUInt32BigEndian(reply[16..], Subnet.Guest);
        BinaryPrimitives.WriteUInt32BigEndian(reply[20..], Subnet.Gateway);
        BinaryPrimitives.WriteUInt32BigEndian(reply[CookieOffset..], Cookie);
        var options = reply[FixedLength..];
        options[0] = TypeOption;
        options[1] = 1;
        options[2] = answer;
        options = options[3..];
        Append(ref options, ServerOption, Subnet.Gateway);
        if (answer != Refuse)
        {
            Append(ref options, LeaseOption, Lease);
            Append(ref options, MaskOption, Subnet.Mask);
            Append(ref options, RouterOption, Subnet.Gateway);
            Append(ref options, NameServerOption, Subnet.NameServer);
        }
        options[0] = EndOption;
        return reply.Length;
    }

    private static void Append(ref Span<byte> options, byte option, uint value)
    {
        options[0] = option;
        options[1] = sizeof(uint);
        BinaryPrimitives.WriteUInt32BigEndian(options[2..], value);
        options = options[6..];
    }

    private static ReadOnlySpan<byte> Option(ReadOnlySpan<byte> request, byte option)
    {
        for (var options = request[FixedLength..]; options.Length >= 2 && options[0] != EndOption;)
        {
            if (options[0] == 0)
            {
                options = options[1..];
                continue;
            }
            var length = options[1];
            if (options.Length < 2 + length)
                break;
            if (options[0] == option)
                return options.Slice(2, length);
            options = options[(2 + length)..];
        }
        return default;
    }
}
