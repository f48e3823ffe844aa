using Dbt.Translator.Il.Trees.Nodes;
using Dbt.Translator.Il.Trees.Statements;

namespace Dbt.Translator.Il.Trees;

/// <summary>A condition that is still open while trees are built.</summary>
/// <param name="condition">The condition.</param>
/// <param name="outer">Steps that the condition will be one of.</param>
/// <param name="before">The registers where it was opened.</param>
internal sealed class Branch(Node condition, List<Statement> outer, RegisterVersions before)
{
    /// <summary>The condition.</summary>
    public Node Condition => condition;

    /// <summary>Steps that the condition will be one of.</summary>
    public List<Statement> Outer => outer;

    /// <summary>The registers where it was opened.</summary>
    public RegisterVersions Before => before;

    /// <summary>Steps of the first side; null while that side is open.</summary>
    public List<Statement>? Then { get; private set; }

    /// <summary>The registers at the end of the first side.</summary>
    public RegisterVersions ThenRegisters { get; private set; } = new();

    /// <summary>Whether the first side left the block.</summary>
    public bool ThenEnded { get; private set; }

    /// <summary>Closes the first side.</summary>
    public void EndThen(List<Statement> statements, RegisterVersions registers, bool ended)
    {
        Then = statements;
        ThenRegisters = registers;
        ThenEnded = ended;
    }

    /// <summary>A register was loaded in front of the condition.</summary>
    public void AddLoaded(int offset, LocalNode value)
    {
        Before.Current.TryAdd(offset, value);
        ThenRegisters.Current.TryAdd(offset, value);
    }

    /// <summary>Dirty values were stored in front of the condition.</summary>
    public void Clean(RegisterVersions stored)
    {
        Before.Clean(stored);
        ThenRegisters.Clean(stored);
    }
}
