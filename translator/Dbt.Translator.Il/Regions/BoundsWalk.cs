using Dbt.Isa.Semantics;
using Dbt.Translator.Il.Trees;
using Dbt.Translator.Il.Trees.Nodes;
using Dbt.Translator.Il.Trees.Statements;

namespace Dbt.Translator.Il.Regions;

/// <summary>
/// Follows addresses through a block and says which accesses have to be compared with the end of the window. An access that did not fail
/// says as much as a comparison: what it accessed is inside.
/// </summary>
internal sealed class BoundsWalk
{
    private const int Absolute = -1;

    private readonly Dictionary<int, Node> _values = [];
    private readonly Dictionary<int, int> _registers = [];
    private readonly Dictionary<int, (long At, long Slack)> _known = [];
    private readonly Bounds _before;
    private readonly ulong _limit;

    /// <summary>Begins a block.</summary>
    /// <param name="before">What is known at its start.</param>
    /// <param name="limit">First guest address outside of the window.</param>
    public BoundsWalk(Bounds before, ulong limit) => (_before, _limit) = (before, limit);

    /// <summary>Registers at the block's start that accesses begin from, as a set.</summary>
    public ulong Bases { get; private set; }

    /// <summary>Goes on behind a statement; true when it accesses memory and its address has to be compared first.</summary>
    public bool Pass(Statement statement)
    {
        switch (statement)
        {
            case LoadRegisterStatement load:
                _registers[load.Result.Index] = load.Offset;
                if (_before[load.Offset] != Bounds.Unknown)
                    _known[load.Result.Index] = (0, _before[load.Offset]);
                return false;
            case SetStatement set:
                _values[set.Result.Index] = set.Value;
                return false;
            case LoadStatement load:
                return Access(load.Address);
            case StoreStatement store:
                return Access(store.Address);
            default:
                return false;
        }
    }

    /// <summary>What is known of a value now: see <see cref="Bounds"/>.</summary>
    public int DistanceOf(Node value)
    {
        if (RootOf(value) is not { } root)
            return Bounds.Unknown;
        if (root.Local == Absolute)
            return (ulong)root.Offset < _limit ? 0 : Bounds.Unknown;
        return _known.TryGetValue(root.Local, out var known) ? Bounds.Keep(Math.Abs(root.Offset - known.At) + known.Slack) : Bounds.Unknown;
    }

    /// <summary>What is known at the end of a register that the block does not write.</summary>
    public int DistanceAtEnd(int register)
    {
        foreach (var (local, read) in _registers)
            if (read == register)
                return _known.TryGetValue(local, out var known) ? Bounds.Keep(Math.Abs(known.At) + known.Slack) : Bounds.Unknown;
        return _before[register];
    }

    private bool Access(Node address)
    {
        if (RootOf(address) is not { } root)
            return true;
        if (root.Local == Absolute)
            return (ulong)root.Offset >= _limit;
        if (_registers.TryGetValue(root.Local, out var register))
            Bases |= 1UL << register;
        var compare = !_known.TryGetValue(root.Local, out var known) || Math.Abs(root.Offset - known.At) + known.Slack >= Bounds.Guard;
        _known[root.Local] = (root.Offset, 0);
        return compare;
    }

    private (int Local, long Offset)? RootOf(Node node) => node switch
    {
        ConstantNode constant => (Absolute, constant.Bits),
        LocalNode local when _values.TryGetValue(local.Index, out var value) && RootOf(value) is { } root => root,
        LocalNode local => (local.Index, 0),
        ConvertNode { Operand: var operand } convert when convert.Type.IsLong() && operand.Type.IsLong() => RootOf(operand),
        BinaryNode { Operator: BinaryOperator.Add, Right: ConstantNode right } sum when RootOf(sum.Left) is { } root =>
            (root.Local, unchecked(root.Offset + right.Bits)),
        _ => null,
    };
}
