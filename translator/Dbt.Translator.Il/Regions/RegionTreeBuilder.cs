using Dbt.Isa;
using Dbt.Isa.Semantics;
using Dbt.Translator.Il.Trees;
using Dbt.Translator.Il.Trees.Nodes;
using Dbt.Translator.Il.Trees.Statements;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Il.Regions;

/// <summary>
/// Collects the steps of one block of a region. Registers are values like others: nothing is brought home, nothing faults exactly. What a
/// region has no code for (<see cref="Declined"/>) the block ends in front of.
/// </summary>
/// <param name="isa">The instruction set.</param>
/// <param name="registers">The region's registers.</param>
/// <param name="firstLocal">Index of the first local.</param>
internal sealed class RegionTreeBuilder(GuestIsa isa, RegionRegisters registers, int firstLocal) : TreeBuilder
{
    private readonly List<Statement> _statements = [];
    private readonly Dictionary<int, Node> _current = [];
    private readonly HashSet<int> _written = [];
    private readonly Rotations _rotations = new();
    private ulong _pc;
    private bool _open;
    private bool _ended;

    /// <summary>Instructions that were begun.</summary>
    public int Count { get; private set; }

    /// <summary>The last instruction that was begun has no code in regions: everything must be built again without it.</summary>
    public bool Declined { get; private set; }

    /// <summary>Number of locals, of other blocks included.</summary>
    public int LocalCount { get; private set; } = firstLocal;

    /// <summary>The steps.</summary>
    public IReadOnlyList<Statement> Statements => _statements;

    /// <summary>Condition of the jump to <see cref="Taken"/> at the end; null when there is none.</summary>
    public Node? Condition { get; private set; }

    /// <summary>Where the block goes on under a condition.</summary>
    public Node? Taken { get; private set; }

    /// <summary>Where it goes on otherwise; null: behind its last instruction.</summary>
    public Node? Target { get; private set; }

    /// <summary>Values of the registers that were written, by number.</summary>
    public SortedDictionary<int, Node> Written
    {
        get
        {
            var written = new SortedDictionary<int, Node>();
            foreach (var register in _written)
                written.Add(register, _current[register]);
            return written;
        }
    }

    /// <inheritdoc/>
    public override bool Begin(in PredecodedInstruction instruction)
    {
        if (_ended || Declined)
            return false;
        _pc = instruction.Pc;
        _statements.Add(new CommentStatement(Count));
        Count++;
        return true;
    }

    /// <inheritdoc/>
    public override Node Constant(ValueType type, long bits) => new ConstantNode(type, bits);

    /// <inheritdoc/>
    public override Node ReadRegister(int file, int index)
    {
        if (index == isa.RegisterFiles[file].ZeroRegister)
            return Constant(ValueType.U64, 0);
        var register = registers.NumberOf(file, index);
        if (_current.TryGetValue(register, out var known))
            return known;
        var loaded = NewLocal(ValueType.U64);
        _statements.Add(new LoadRegisterStatement(loaded, register));
        _current.Add(register, loaded);
        return loaded;
    }

    /// <inheritdoc/>
    public override void WriteRegister(int file, int index, Node value)
    {
        if (index == isa.RegisterFiles[file].ZeroRegister)
            return;
        if (_open)
            Declined = true;
        var register = registers.NumberOf(file, index);
        _current[register] = Local(value);
        _written.Add(register);
    }

    /// <inheritdoc/>
    public override Node Unary(UnaryOperator op, Node operand) => Folding.Unary(op, operand);

    /// <inheritdoc/>
    public override Node Binary(BinaryOperator op, Node left, Node right)
    {
        if (left.Type is ValueType.F32 or ValueType.F64)
            Declined = true;
        return _rotations.Binary(op, left, right);
    }

    /// <inheritdoc/>
    public override Node Convert(ValueType type, Node operand) => Folding.Convert(type, operand);

    /// <inheritdoc/>
    public override Node Select(Node condition, Node then, Node otherwise) => Folding.Select(condition, then, otherwise);

    /// <inheritdoc/>
    public override Node Local(Node value) => value is ConstantNode or LocalNode ? value : Set(value);

    /// <inheritdoc/>
    public override Node Load(ValueType type, Node address)
    {
        var result = NewLocal(type);
        _statements.Add(new LoadStatement(result, address));
        return result;
    }

    /// <inheritdoc/>
    public override void Store(ValueType type, Node address, Node value) => _statements.Add(new StoreStatement(type, address, value));

    /// <inheritdoc/>
    public override Node Atomic(AtomicOperator op, ValueType type, Node address, Node value) => Decline(type);

    /// <inheritdoc/>
    public override Node LoadReserved(ValueType type, Node address) => Decline(type);

    /// <inheritdoc/>
    public override Node StoreConditional(ValueType type, Node address, Node value) => Decline(ValueType.I32);

    /// <inheritdoc/>
    public override Node Call(Intrinsic intrinsic, ValueType result, params ReadOnlySpan<Node> arguments)
    {
        if (intrinsic is >= Intrinsic.FpAdd and not (Intrinsic.FpToBits or Intrinsic.FpFromBits))
            return Decline(result);
        // Values of floating-point registers are only moved, as bits.
        if (intrinsic == Intrinsic.FpToBits && arguments[0] is CallNode { Intrinsic: Intrinsic.FpFromBits } value)
            return Convert(result, value.Arguments[0]);
        return Folding.Call(intrinsic, result, arguments);
    }

    /// <inheritdoc/>
    public override Node DynamicRounding() => Decline(ValueType.I32);

    /// <inheritdoc/>
    public override void Fence() => _statements.Add(new FenceStatement());

    /// <inheritdoc/>
    public override void If(Node condition)
    {
        _open = true;
        if (Condition != null)
            Declined = true;
        Condition = condition;
    }

    /// <inheritdoc/>
    public override void Else() => Declined = true;

    /// <inheritdoc/>
    public override void EndIf()
    {
        _open = false;
        if (Taken is null)
            Declined = true;
    }

    /// <inheritdoc/>
    public override void Jump(Node target)
    {
        if (_open)
        {
            Taken = target;
            Declined |= target is not ConstantNode;
        }
        else
        {
            Target = target;
            _ended = true;
        }
    }

    /// <inheritdoc/>
    public override void Exit(ExitReason reason) => Declined = true;

    /// <inheritdoc/>
    public override void InterpretInstruction() => Declined = true;

    private ConstantNode Decline(ValueType type)
    {
        Declined = true;
        return new ConstantNode(type, 0);
    }

    private LocalNode Set(Node value)
    {
        var local = NewLocal(value.Type);
        _statements.Add(new SetStatement(local, value));
        _rotations.Note(local, value);
        return local;
    }

    private LocalNode NewLocal(ValueType type) => new(type, LocalCount++);
}
