namespace Dbt.Lab.Corpora;

/// <summary>
/// A stretch of execution: from a place where the program often was, as many instructions as were captured. It names what was executed in it, so
/// that sizes and predictions can be added up.
/// </summary>
internal sealed record CapturedRegion
{
    /// <summary>Guest address of the first instruction.</summary>
    public required ulong Start { get; init; }

    /// <summary>Its symbol; empty when it has none.</summary>
    public required string Name { get; init; }

    /// <summary>How much of the program's instructions were executed from such a start on, as a fraction.</summary>
    public required double Share { get; init; }

    /// <summary>Guest instructions.</summary>
    public required long Instructions { get; init; }

    /// <summary>The registers at the start.</summary>
    public required RegisterState Entry { get; init; }

    /// <summary>SHA-256 of registers and memory at the end, as the interpreter leaves them.</summary>
    public required byte[] EndDigest { get; init; }

    /// <summary>The basic blocks that are executed, and how often.</summary>
    public required IReadOnlyList<CapturedBlock> Blocks { get; init; }

    /// <summary>The memory that is touched, code included, as it is at the start.</summary>
    public required IReadOnlyList<CapturedPage> Pages { get; init; }

    /// <summary>As people call it.</summary>
    public string Title => Name.Length > 0 ? Name : $"0x{Start:x}";
}
