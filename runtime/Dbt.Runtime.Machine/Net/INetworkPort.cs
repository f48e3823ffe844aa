namespace Dbt.Runtime.Machine.Net;

/// <summary>A network card, seen from the wire. Used by the network's thread only.</summary>
internal interface INetworkPort
{
    /// <summary>Whether the guest takes frames with unfinished checksums.</summary>
    bool TakesPartialChecksums { get; }

    /// <summary>Whether the guest takes TCP segments larger than its frames.</summary>
    bool TakesLargeSegments { get; }

    /// <summary>Takes the next frame that the guest sends. Large segments and unfinished checksums are left to the network.</summary>
    /// <param name="frame">Receives it.</param>
    /// <returns>Its length; 0 when there is none.</returns>
    int Transmit(Span<byte> frame);

    /// <summary>Hands the guest a frame.</summary>
    /// <returns>False when it has no room now. It wakes the network when it has.</returns>
    bool TryReceive(ReadOnlySpan<byte> frame, in FrameOffload offload);
}
