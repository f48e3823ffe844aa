namespace Dbt.Isa;

/// <summary>One control and status register.</summary>
/// <param name="Name">As in the manual.</param>
/// <param name="Number">As encoded in instructions.</param>
/// <param name="Extension">Name of the extension that brings it.</param>
/// <param name="ReadOnly">Whether a write is an illegal instruction.</param>
public sealed record CsrInfo(string Name, int Number, string Extension, bool ReadOnly);
