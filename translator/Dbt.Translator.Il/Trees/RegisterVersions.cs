using Dbt.Translator.Il.Trees.Statements;

namespace Dbt.Translator.Il.Trees;

/// <summary>What is known of the registers at one point of a block; registers are named by the offset of their home.</summary>
internal sealed class RegisterVersions
{
    /// <summary>Values of registers that were read or written so far: constants and locals.</summary>
    public Dictionary<int, Node> Current { get; private init; } = [];

    /// <summary>Registers whose value is not in the hart's state yet; all of them are in <see cref="Current"/>.</summary>
    public HashSet<int> Dirty { get; private init; } = [];

    /// <summary>A copy that changes on its own.</summary>
    public RegisterVersions Copy() => new() { Current = new(Current), Dirty = [.. Dirty] };

    /// <summary>What must be stored so that the hart's state is complete here.</summary>
    public IReadOnlyList<RegisterHome> DirtyHomes() => [.. Dirty.Order().Select(offset => new RegisterHome(offset, Current[offset]))];

    /// <summary>Takes note that another point's dirty values were stored.</summary>
    public void Clean(RegisterVersions stored) => Dirty.RemoveWhere(offset => stored.Dirty.Contains(offset) && stored.Current[offset] == Current[offset]);
}
