namespace Dbt.Lab.Corpora;

/// <summary>A basic block of a region.</summary>
/// <param name="Start">Guest address of its first instruction.</param>
/// <param name="Length">Guest instructions.</param>
/// <param name="Count">How often it is entered.</param>
internal readonly record struct CapturedBlock(ulong Start, int Length, long Count);
