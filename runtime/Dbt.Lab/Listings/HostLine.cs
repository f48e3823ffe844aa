namespace Dbt.Lab.Listings;

/// <summary>One host instruction.</summary>
/// <param name="Offset">Where it begins, in bytes from the block's first.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Encoding">The bytes, in hexadecimal.</param>
/// <param name="Text">The instruction, with names for what has one.</param>
/// <param name="Note">What more there is to say; empty when there is nothing.</param>
internal readonly record struct HostLine(int Offset, int Length, string Encoding, string Text, string Note);
