namespace Dbt.Runtime.Machine.Net;

/// <summary>The two ends of a connection, as the guest sees them.</summary>
internal readonly record struct TcpEndpoints(uint Guest, ushort GuestPort, uint Peer, ushort PeerPort);
