using Dbt.Translator.Baseline;

namespace Dbt.Translator.Systems;

/// <summary>A block of code in physical memory, decoded for one virtual address.</summary>
public sealed class SystemBlock : BaselineBlock
{
    /// <summary>Guest physical address of the first instruction.</summary>
    public ulong Physical { get; internal set; }

    /// <summary>Guest physical address of the second page, when the last instruction goes on there; otherwise 0.</summary>
    public ulong Tail { get; internal set; }

    /// <summary>Whether some extensions were off.</summary>
    internal bool IsReduced { get; set; }
}
