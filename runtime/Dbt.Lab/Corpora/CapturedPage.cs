using Dbt.Runtime.Memory;

namespace Dbt.Lab.Corpora;

/// <summary>A page of guest memory.</summary>
/// <param name="Address">Its guest address.</param>
/// <param name="Protection">What the guest may do with it.</param>
/// <param name="Bytes">What is in it.</param>
internal sealed record CapturedPage(ulong Address, MemoryProtection Protection, byte[] Bytes);
