using Dbt.Runtime.Machine.Interrupts;

namespace Dbt.Runtime.Machine.Boards.Riscv;

/// <summary>The harts of a board, as its devices and its device tree see them. All are alike.</summary>
/// <param name="Targets">Where interrupts go; the index is the hart's id.</param>
/// <param name="Extensions">Names of the extensions that a kernel may use, in any case: <c>I</c>, <c>M</c>, <c>Zicsr</c>, …</param>
public sealed record VirtHarts(IReadOnlyList<IInterruptTarget> Targets, IReadOnlyList<string> Extensions)
{
    // The order of single letters in an ISA string (volume I, "ISA Extension Naming Conventions").
    private const string CanonicalOrder = "imafdqlcbkjtpvnh";

    /// <summary>The largest paging mode: <c>riscv,sv39</c>, <c>riscv,sv48</c> or <c>riscv,sv57</c>.</summary>
    public string MmuType { get; init; } = "riscv,sv57";

    /// <summary>Whether guest code runs in M mode: firmware. Without, S mode has what firmware would give it.</summary>
    public bool HasFirmware { get; init; } = true;

    /// <summary>Whether the harts have the CSRs of interrupt files (Smaia, Ssaia) and take them from the board.</summary>
    public bool HasInterruptFiles { get; init; }

    /// <summary>Bytes that the cache-block instructions work on; 0 without them.</summary>
    public uint CacheBlockSize { get; init; } = 64;

    /// <summary>The names in the order that ISA strings have: single letters, then those with Z, then those with S.</summary>
    internal IReadOnlyList<string> SortedExtensions =>
    [
        .. Extensions.Select(name => name.ToLowerInvariant())
            .Where(name => name != "g")
            .Distinct()
            .OrderBy(name => name.Length > 1)
            .ThenBy(name => name.Length > 1 ? name[0] == 'z' ? 0 : 1 : CanonicalOrder.IndexOf(name[0], StringComparison.Ordinal))
            .ThenBy(name => name, StringComparer.Ordinal),
    ];

    /// <summary>The ISA string, as in <c>rv64imac_zicsr</c>.</summary>
    internal string IsaString =>
        "rv64" + string.Concat(SortedExtensions.Where(name => name.Length == 1)) + string.Concat(SortedExtensions.Where(name => name.Length > 1).Select(name => "_" + name));
}
