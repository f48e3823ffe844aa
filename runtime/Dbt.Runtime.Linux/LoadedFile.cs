namespace Dbt.Runtime.Linux;

/// <summary>An ELF file in a guest's memory.</summary>
/// <param name="Path">The file on the host.</param>
/// <param name="Start">Its first address.</param>
/// <param name="End">The address behind it.</param>
/// <param name="Bias">What was added to the file's own addresses.</param>
public sealed record LoadedFile(string Path, ulong Start, ulong End, ulong Bias);
