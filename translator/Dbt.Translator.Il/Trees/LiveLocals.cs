using System.Collections;
using Dbt.Translator.Il.Trees.Nodes;
using Dbt.Translator.Il.Trees.Statements;

namespace Dbt.Translator.Il.Trees;

/// <summary>
/// Which locals of a block anybody reads, directly or through other locals. .NET's JIT narrows a load whose value is not used to
/// a compare of a few bytes, which may miss a fault in the rest of it; so the emitter must know those loads.
/// </summary>
internal sealed class LiveLocals
{
    private readonly BitArray _live;

    /// <summary>Walks the steps from the last to the first: a local is set once, before it is read.</summary>
    public LiveLocals(IReadOnlyList<Statement> statements, int localCount)
    {
        _live = new BitArray(localCount);
        Visit(statements);
    }

    /// <summary>Whether the local's value matters.</summary>
    public bool Contains(LocalNode local) => _live[local.Index];

    private void Visit(IReadOnlyList<Statement> statements)
    {
        for (var i = statements.Count - 1; i >= 0; i--)
            Visit(statements[i]);
    }

    private void Visit(Statement statement)
    {
        switch (statement)
        {
            case SetStatement set when _live[set.Result.Index]:
                Use(set.Value);
                break;
            case FlushStatement flush:
                Use(flush.Homes);
                break;
            case LoadStatement load:
                Use(load.Address);
                break;
            case LoadReservedStatement load:
                Use(load.Address);
                break;
            case StoreStatement store:
                Use(store.Address);
                Use(store.Value);
                break;
            case AtomicStatement atomic:
                Use(atomic.Address);
                Use(atomic.Value);
                break;
            case StoreConditionalStatement store:
                Use(store.Address);
                Use(store.Value);
                break;
            case IfStatement branch:
                Visit(branch.Otherwise);
                Visit(branch.Then);
                Use(branch.Condition);
                break;
            case JumpStatement jump:
                Use(jump.Homes);
                Use(jump.Target);
                break;
            case ExitStatement exit:
                Use(exit.Homes);
                break;
        }
    }

    private void Use(IReadOnlyList<RegisterHome> homes)
    {
        foreach (var home in homes)
            Use(home.Value);
    }

    private void Use(Node node)
    {
        switch (node)
        {
            case LocalNode local:
                _live[local.Index] = true;
                break;
            case ConvertNode convert:
                Use(convert.Operand);
                break;
            case UnaryNode unary:
                Use(unary.Operand);
                break;
            case BinaryNode binary:
                Use(binary.Left);
                Use(binary.Right);
                break;
            case SelectNode select:
                Use(select.Condition);
                Use(select.Then);
                Use(select.Otherwise);
                break;
            case CallNode call:
                foreach (var argument in call.Arguments)
                    Use(argument);
                break;
        }
    }
}
