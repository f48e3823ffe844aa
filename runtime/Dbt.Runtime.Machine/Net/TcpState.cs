namespace Dbt.Runtime.Machine.Net;

/// <summary>How far a connection is; its ends close independently of each other.</summary>
internal enum TcpState
{
    /// <summary>The guest asked for it; the host is connecting.</summary>
    Connecting,

    /// <summary>The host is connected, the guest has been told.</summary>
    Accepted,

    /// <summary>The host asked for it, the guest has been asked.</summary>
    Offered,

    /// <summary>Both ends are.</summary>
    Established,

    /// <summary>Over.</summary>
    Closed,
}
