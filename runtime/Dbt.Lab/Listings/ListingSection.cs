namespace Dbt.Lab.Listings;

/// <summary>A stretch of a listing: usually a guest instruction with what became of it.</summary>
/// <param name="Title">The guest instruction as text, or what the stretch is for.</param>
/// <param name="Instruction">Number of the guest instruction in its block, from 0; -1 when it belongs to none.</param>
/// <param name="IsCold">Whether execution seldom comes here.</param>
/// <param name="Il">The IL.</param>
/// <param name="Host">The host's instructions.</param>
/// <param name="Size">Bytes of host code; empty when not known.</param>
internal sealed record ListingSection(string Title, int Instruction, bool IsCold, List<string> Il, List<HostLine> Host, string Size);
