using Dbt.Isa;
using Dbt.Isa.Semantics;
using Dbt.Translator.Il.Trees.Nodes;
using Dbt.Translator.Il.Trees.Statements;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Il.Trees;

/// <summary>
/// Collects the steps of one block. A write of a register makes a new version of it, so that a value read earlier stays what it was;
/// versions that are not in the hart's state yet are brought home before whatever may fault or leave.
/// </summary>
/// <param name="isa">The instruction set.</param>
internal sealed class BlockTreeBuilder(GuestIsa isa) : TreeBuilder
{
    private readonly Stack<Branch> _branches = new();
    private readonly List<Statement> _top = [];
    private readonly Rotations _rotations = new();
    private List<Statement> _statements = [];
    private RegisterVersions _registers = new();
    private RegisterVersions _before = new();
    private PredecodedInstruction _instruction;
    private int _index = -1;
    private int _start;
    private int _locals;
    private bool _named;
    private bool _ended;

    /// <summary>Whether the block is right only while the hart's dynamic rounding mode is to nearest, ties to even.</summary>
    public bool AssumesNearestRounding { get; private set; }

    /// <summary>Number of locals that the steps use; their indexes are below it.</summary>
    public int LocalCount => _locals;

    /// <inheritdoc/>
    public override bool Begin(in PredecodedInstruction instruction)
    {
        if (_branches.Count > 0)
            throw new InvalidOperationException("An instruction left a condition open.");
        if (_ended)
            return false;
        _statements = _top;
        _instruction = instruction;
        _index++;
        _top.Add(new CommentStatement(_index));
        _start = _top.Count;
        _named = false;
        _before = _registers.Copy();
        return true;
    }

    /// <summary>Closes the block: where nothing has left yet, it goes on at <paramref name="next"/>. Gives the steps.</summary>
    public IReadOnlyList<Statement> Finish(ulong next)
    {
        if (!_ended)
            Jump(Constant(ValueType.U64, (long)next));
        return _top;
    }

    /// <inheritdoc/>
    public override Node Constant(ValueType type, long bits) => new ConstantNode(type, bits);

    /// <inheritdoc/>
    public override Node ReadRegister(int file, int index)
    {
        if (index == isa.RegisterFiles[file].ZeroRegister)
            return Constant(ValueType.U64, 0);
        var offset = HomeOf(file, index);
        if (_registers.Current.TryGetValue(offset, out var known))
            return known;
        // In front of every open condition, so that it holds on both sides.
        var loaded = NewLocal(ValueType.U64);
        _top.Add(new LoadRegisterStatement(loaded, offset));
        _registers.Current.Add(offset, loaded);
        foreach (var branch in _branches)
            branch.AddLoaded(offset, loaded);
        return loaded;
    }

    /// <inheritdoc/>
    public override void WriteRegister(int file, int index, Node value)
    {
        // Evaluated even when it is thrown away: it may accrue floating-point exceptions.
        var version = Version(value);
        if (index == isa.RegisterFiles[file].ZeroRegister)
            return;
        var offset = HomeOf(file, index);
        _registers.Current[offset] = version;
        _registers.Dirty.Add(offset);
    }

    /// <inheritdoc/>
    public override Node Unary(UnaryOperator op, Node operand) => Folding.Unary(op, operand);

    /// <inheritdoc/>
    public override Node Binary(BinaryOperator op, Node left, Node right) => _rotations.Binary(op, left, right);

    /// <inheritdoc/>
    public override Node Convert(ValueType type, Node operand) => Folding.Convert(type, operand);

    /// <inheritdoc/>
    public override Node Select(Node condition, Node then, Node otherwise) => Folding.Select(condition, then, otherwise);

    /// <inheritdoc/>
    public override Node Local(Node value)
    {
        if (value is ConstantNode or LocalNode)
            return value;
        var local = NewLocal(value.Type);
        _statements.Add(new SetStatement(local, value));
        _rotations.Note(local, value);
        return local;
    }

    /// <inheritdoc/>
    public override Node Load(ValueType type, Node address)
    {
        NameInstruction();
        var result = NewLocal(type);
        _statements.Add(new LoadStatement(result, address));
        return result;
    }

    /// <inheritdoc/>
    public override void Store(ValueType type, Node address, Node value)
    {
        NameInstruction();
        _statements.Add(new StoreStatement(type, address, value));
    }

    /// <inheritdoc/>
    public override Node Atomic(AtomicOperator op, ValueType type, Node address, Node value)
    {
        NameInstruction();
        var result = NewLocal(type);
        _statements.Add(new AtomicStatement(result, op, address, value));
        return result;
    }

    /// <inheritdoc/>
    public override Node LoadReserved(ValueType type, Node address)
    {
        NameInstruction();
        var result = NewLocal(type);
        _statements.Add(new LoadReservedStatement(result, address));
        return result;
    }

    /// <inheritdoc/>
    public override Node StoreConditional(ValueType type, Node address, Node value)
    {
        NameInstruction();
        var result = NewLocal(ValueType.I32);
        _statements.Add(new StoreConditionalStatement(result, type, address, value));
        return result;
    }

    /// <inheritdoc/>
    public override Node Call(Intrinsic intrinsic, ValueType result, params ReadOnlySpan<Node> arguments) =>
        Folding.Call(intrinsic, result, arguments);

    /// <inheritdoc/>
    public override Node DynamicRounding()
    {
        AssumesNearestRounding = true;
        return Constant(ValueType.I32, 0);
    }

    /// <inheritdoc/>
    public override void Fence() => _statements.Add(new FenceStatement());

    /// <inheritdoc/>
    public override void If(Node condition)
    {
        _branches.Push(new Branch(condition, _statements, _registers));
        _registers = _registers.Copy();
        _statements = [];
        _ended = false;
    }

    /// <inheritdoc/>
    public override void Else()
    {
        var branch = _branches.Peek();
        branch.EndThen(_statements, _registers, _ended);
        _registers = branch.Before.Copy();
        _statements = [];
        _ended = false;
    }

    /// <inheritdoc/>
    public override void EndIf()
    {
        if (_branches.Peek().Then == null)
            Else();
        var branch = _branches.Pop();
        if (branch.ThenEnded || _ended)
        {
            _registers = _ended ? branch.ThenRegisters : _registers;
            _ended &= branch.ThenEnded;
        }
        else
        {
            Merge(branch);
        }
        branch.Outer.Add(new IfStatement(branch.Condition, branch.Then!, _statements));
        _statements = branch.Outer;
    }

    /// <inheritdoc/>
    public override void Jump(Node target)
    {
        _statements.Add(new JumpStatement(target, _registers.DirtyHomes()));
        _ended = true;
    }

    /// <inheritdoc/>
    public override void Exit(ExitReason reason)
    {
        var pc = _instruction.Pc + (reason == ExitReason.InstructionFence ? _instruction.Instruction.Length : 0u);
        _statements.Add(new ExitStatement(reason, pc, _index, _registers.DirtyHomes()));
        _ended = true;
    }

    /// <inheritdoc/>
    public override void InterpretInstruction()
    {
        if (_branches.Count > 0)
            throw new NotSupportedException("The interpreter takes over whole instructions only.");
        NameInstruction();
        _ended = (isa.Operations[_instruction.Instruction.Operation]!.Traits & (OperationTraits.EndsBlock | OperationTraits.System)) != 0;
        _statements.Add(new InterpretStatement(_ended));
        _registers = new RegisterVersions();
    }

    private int HomeOf(int file, int index) => isa.RegisterFiles[file].Offset + index * isa.RegisterFiles[file].Stride;

    // Floating-point values stay what they are until somebody wants their bits.
    private Node Version(Node value) => value switch
    {
        ConvertNode { Operand: CallNode { Intrinsic: Intrinsic.FpToBits } bits } => Convert(value.Type, Version(bits)),
        CallNode { Intrinsic: Intrinsic.FpToBits or Intrinsic.FpBox } call => Call(call.Intrinsic, call.Type, Local(call.Arguments[0])),
        _ => Local(value),
    };

    private LocalNode NewLocal(ValueType type) => new(type, _locals++);

    // The instruction may fault: everything from before it must be home when it begins.
    private void NameInstruction()
    {
        if (_named)
            return;
        _named = true;
        _top.Insert(_start, new FlushStatement(_before.DirtyHomes(), _index));
        _registers.Clean(_before);
        foreach (var branch in _branches)
            branch.Clean(_before);
    }

    private void Merge(Branch branch)
    {
        var then = branch.ThenRegisters;
        foreach (var offset in then.Dirty.Union(_registers.Dirty).ToList())
        {
            var first = ValueAtEnd(then, branch.Then!, offset);
            var second = ValueAtEnd(_registers, _statements, offset);
            _registers.Dirty.Add(offset);
            if (first == second)
                continue;
            var merged = NewLocal(ValueType.U64);
            branch.Then!.Add(new SetStatement(merged, first));
            _statements.Add(new SetStatement(merged, second));
            _registers.Current[offset] = merged;
        }
    }

    // A register that only the other side wrote may never have been loaded.
    private Node ValueAtEnd(RegisterVersions registers, List<Statement> statements, int offset)
    {
        if (registers.Current.TryGetValue(offset, out var value))
            return value;
        var loaded = NewLocal(ValueType.U64);
        statements.Add(new LoadRegisterStatement(loaded, offset));
        return loaded;
    }
}
