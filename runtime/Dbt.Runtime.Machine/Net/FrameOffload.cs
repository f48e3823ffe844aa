namespace Dbt.Runtime.Machine.Net;

/// <summary>What is left to do to a frame that a virtual wire carries unfinished.</summary>
/// <param name="ChecksumStart">Where the bytes begin that are to be summed; 0: the checksum is right.</param>
/// <param name="ChecksumOffset">Where the checksum goes, counted from there. The pseudo header's sum is there already.</param>
/// <param name="SegmentSize">Payload of each TCP segment that the frame is to be cut into; 0: it is one.</param>
/// <param name="HeaderLength">Bytes of headers, which each segment has.</param>
internal readonly record struct FrameOffload(ushort ChecksumStart, ushort ChecksumOffset, ushort SegmentSize, ushort HeaderLength);
