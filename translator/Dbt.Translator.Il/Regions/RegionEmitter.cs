using System.Reflection.Emit;
using Dbt.Isa;
using Dbt.Translator.Il.Emission;
using Dbt.Translator.Il.Trees;
using Dbt.Translator.Il.Trees.Nodes;
using Dbt.Translator.Il.Trees.Statements;

namespace Dbt.Translator.Il.Regions;

/// <summary>
/// Turns a region into IL. The method is entered with (state, memory, limit, link) as blocks are, but for a way (<see cref="RegionWay"/>) that says at which entry. Guest
/// registers are in locals; it leaves by a tail call of another region, or returns with <see cref="HartHeader.Exit"/> set.
/// </summary>
/// <remarks>
/// The budget is in a local too. It is asked at entries and at jumps back only: everywhere else there is enough for what is left of the
/// region. Ways out are behind everything else.
/// </remarks>
internal sealed unsafe partial class RegionEmitter
{
    private const int State = 0;
    private const int Memory = 1;
    private const int Limit = 2;
    private const int Way = 3;

    private readonly Region _region;
    private readonly IlWriter _il;
    private readonly Func<ulong, nint> _linkTo;
    private readonly ulong _limit;
    private readonly bool _trusted;
    private readonly bool _counts;
    private readonly RegionNodeEmitter _nodes;
    private readonly LocalBuilder?[] _registers;
    private readonly LocalNode?[] _occupants;
    private readonly Dictionary<RegionBlock, Label> _labels = [];
    private readonly Queue<Action> _cold = new();
    private readonly Dictionary<RegionBlock, List<(int Entry, RegionBlock Next)>> _passing = [];
    private readonly LocalBuilder _entering;
    private readonly LocalBuilder _budget;
    private readonly LocalBuilder _outsideAddress;
    private readonly Label _outsideRead;
    private readonly Label _outsideWrite;
    private bool _mayBeOutside;
    private int _firstInstruction;

    // What the load before is part of.
    private LocalNode? _loading;

    /// <summary>An emitter for one region.</summary>
    /// <param name="region">The region, analyzed.</param>
    /// <param name="il">Where to.</param>
    /// <param name="linkTo">Gives the address of a <see cref="RegionLink"/> that leads to a guest address; it outlives the method.</param>
    /// <param name="limit">First guest address outside of the window.</param>
    /// <param name="trusted">Addresses are not compared with it.</param>
    /// <param name="counts">Instructions are taken off the budget; otherwise code polls.</param>
    public RegionEmitter(Region region, IlWriter il, Func<ulong, nint> linkTo, ulong limit, bool trusted, bool counts)
    {
        _region = region;
        _il = il;
        _linkTo = linkTo;
        _limit = limit;
        _trusted = trusted;
        _counts = counts;
        _nodes = new RegionNodeEmitter(il, region.LocalCount);
        _registers = new LocalBuilder?[region.Registers.Count];
        _occupants = new LocalNode?[region.Registers.Count];
        _entering = il.Local(typeof(int));
        _budget = il.Local(typeof(long));
        _outsideAddress = il.Local(typeof(long));
        _outsideRead = il.Label();
        _outsideWrite = il.Label();
    }

    /// <summary>Emits the whole method.</summary>
    public void Emit()
    {
        foreach (var block in _region.Blocks)
            _labels.Add(block, _il.Label());
        EmitEntries();
        for (var i = 0; i < _region.Blocks.Count; i++)
            EmitBlock(_region.Blocks[i], i + 1 < _region.Blocks.Count ? _region.Blocks[i + 1] : null);
        while (_cold.TryDequeue(out var emit))
            emit();
        if (_mayBeOutside)
            EmitOutside();
    }

    private void EmitEntries()
    {
        var entries = _region.Entries;
        if (_counts)
        {
            _il.PushField(StateLayout.Budget);
            _il.Emit(OpCodes.Ldind_I8);
            _il.Emit(OpCodes.Stloc, _budget);
        }
        var labels = entries.Select(_ => _il.Label()).ToArray();
        if (entries.Count > 1)
        {
            _il.Argument(Way);
            _il.Constant(2 * sizeof(long));
            _il.Emit(OpCodes.Add);
            _il.Emit(OpCodes.Ldind_I4);
            _il.Switch(labels);
        }
        var ways = RegionLoops.WaysIn(_region);
        foreach (var (index, block) in entries.Index())
        {
            var way = ways[index];
            for (var i = 0; i + 1 < way.Count; i++)
            {
                if (!_passing.TryGetValue(way[i], out var passing))
                    _passing.Add(way[i], passing = []);
                passing.Add((index, way[i + 1]));
            }
        }
        foreach (var (index, block) in entries.Index())
        {
            _il.Mark(labels[index]);
            var refuse = _il.Label();
            LeaveWhenWanted(refuse);
            foreach (var register in RegionRegisters.In(block.LiveIn))
            {
                _il.PushField(_region.Registers.OffsetOf(register));
                _il.Emit(OpCodes.Ldind_I8);
                _il.Emit(OpCodes.Stloc, Register(register));
            }
            Compare(block.Wanted, refuse);
            if (_passing.Count > 0)
            {
                _il.Constant(ways[index].Count > 1 ? index + 1 : 0);
                _il.Emit(OpCodes.Stloc, _entering);
            }
            _il.Emit(OpCodes.Br, _labels[ways[index][0]]);
            _cold.Enqueue(() => EmitRefusal(refuse, block));
        }
    }

    // The engine below goes on at the block, in the state that it left.
    private void EmitRefusal(Label refuse, RegionBlock block)
    {
        _il.Mark(refuse);
        GiveUp(block.Start);
    }

    private void GiveUp(ulong pc)
    {
        _il.StorePc((long)pc);
        _il.PushField(StateLayout.Current);
        _il.Pointer(null);
        _il.Emit(OpCodes.Stind_I);
        _il.Leave(ExitReason.None);
    }

    private void EmitBlock(RegionBlock block, RegionBlock? following)
    {
        _il.Mark(_labels[block]);
        if (_passing.TryGetValue(block, out var passing))
            EmitPassing(passing);
        if (_counts)
        {
            _il.Emit(OpCodes.Ldloc, _budget);
            _il.Constant((long)block.Instructions.Length);
            _il.Emit(OpCodes.Sub);
            _il.Emit(OpCodes.Stloc, _budget);
        }
        OccupyRegisters(block);
        var finals = Finals(block);
        CountUses(block);
        var walk = new BoundsWalk(block.Bounds ?? Bounds.Nothing(_region.Registers.Count), _limit);
        for (var i = 0; i < block.Statements.Count; i++)
            EmitStatement(block.Statements[i], i + 1 < block.Statements.Count ? block.Statements[i + 1] : null, finals, walk);
        EmitMoves(block, finals);
        EmitJump(block, following, walk);
        _firstInstruction += block.Instructions.Length;
    }

    // Who enters a loop in the middle passes the headers of those around it.
    private void EmitPassing(List<(int Entry, RegionBlock Next)> entries)
    {
        var pass = _il.Label();
        var stay = _il.Label();
        _il.Emit(OpCodes.Ldloc, _entering);
        _il.Emit(OpCodes.Brtrue, pass);
        _il.Mark(stay);
        _cold.Enqueue(() =>
        {
            _il.Mark(pass);
            foreach (var (entry, next) in entries)
            {
                var other = _il.Label();
                _il.Emit(OpCodes.Ldloc, _entering);
                _il.Constant(entry + 1);
                _il.Emit(OpCodes.Bne_Un, other);
                if (next == _region.Entries[entry])
                {
                    _il.Constant(0);
                    _il.Emit(OpCodes.Stloc, _entering);
                }
                _il.Emit(OpCodes.Br, _labels[next]);
                _il.Mark(other);
            }
            _il.Emit(OpCodes.Br, stay);
        });
    }

    // At the beginning, wherever in the block a register is read first: its local may be given another value before that.
    private void OccupyRegisters(RegionBlock block)
    {
        Array.Clear(_occupants);
        foreach (var load in block.Statements.OfType<LoadRegisterStatement>())
        {
            _nodes.SetPlace(load.Result, Register(load.Offset));
            _occupants[load.Offset] = load.Result;
        }
    }

    // Locals that are a register's value at the end, where anybody wants that.
    private static Dictionary<int, int> Finals(RegionBlock block)
    {
        var finals = new Dictionary<int, int>();
        foreach (var (register, value) in block.Written)
            if (IsLive(block, register) && value is LocalNode local)
                finals.TryAdd(local.Index, register);
        return finals;
    }

    // What nobody uses is not computed, and does not use anything.
    private void CountUses(RegionBlock block)
    {
        Count(block.Condition);
        Count(block.Target);
        foreach (var (register, value) in block.Written)
            if (IsLive(block, register))
                Count(value);
        foreach (var statement in block.Statements.Reverse())
        {
            switch (statement)
            {
                case SetStatement set when _nodes.UsesOf(set.Result) > 0:
                    Count(set.Value);
                    break;
                case LoadStatement load:
                    Count(load.Address);
                    break;
                case StoreStatement store:
                    Count(store.Address);
                    Count(store.Value);
                    break;
            }
        }
    }

    private void Count(Node? node)
    {
        switch (node)
        {
            case LocalNode local:
                _nodes.UsesOf(local)++;
                break;
            case ConvertNode convert:
                Count(convert.Operand);
                break;
            case UnaryNode unary:
                Count(unary.Operand);
                break;
            case BinaryNode binary:
                Count(binary.Left);
                Count(binary.Right);
                break;
            case SelectNode select:
                Count(select.Condition);
                Count(select.Then);
                Count(select.Otherwise);
                break;
            case CallNode call:
                foreach (var argument in call.Arguments)
                    Count(argument);
                break;
        }
    }

    private void EmitStatement(Statement statement, Statement? next, Dictionary<int, int> finals, BoundsWalk walk)
    {
        var compare = walk.Pass(statement) && !_trusted;
        switch (statement)
        {
            case CommentStatement comment:
                _il.Comment(_firstInstruction + comment.Instruction);
                break;
            case SetStatement set when _nodes.UsesOf(set.Result) > 0:
                EmitSet(set, finals);
                break;
            case LoadStatement load:
                EmitLoad(load, compare, next);
                break;
            case StoreStatement store:
                var address = compare ? Compared(store.Address, AccessKind.Write) : null;
                PushHostAddress(store.Address, address);
                _nodes.Push(store.Value);
                _il.Emit(OpCodes.Volatile);
                _il.Emit(MemoryAccess.StoreOf(store.Type));
                break;
            case FenceStatement:
                _il.Call(IntrinsicEmitter.Method(typeof(Interlocked), nameof(Interlocked.MemoryBarrier)));
                break;
        }
    }

    private void EmitSet(SetStatement set, Dictionary<int, int> finals)
    {
        if (finals.TryGetValue(set.Result.Index, out var register))
        {
            _nodes.Push(set.Value);
            Vacate(register);
            _il.Emit(OpCodes.Stloc, Register(register));
            _nodes.SetPlace(set.Result, Register(register));
            _occupants[register] = set.Result;
        }
        else if (_nodes.UsesOf(set.Result) == 1 && !Branches(set.Value) && set.Result != _loading)
        {
            _nodes.SetInlined(set.Result, () => _nodes.Push(set.Value));
        }
        else
        {
            _nodes.Push(set.Value);
            Keep(set.Result);
        }
        _loading = null;
    }

    private void EmitLoad(LoadStatement load, bool compare, Statement? next)
    {
        var address = compare ? Compared(load.Address, AccessKind.Read) : null;
        // Right away, as part of what comes next.
        if (next is SetStatement set && _nodes.UsesOf(load.Result) == 1 && _nodes.UsesOf(set.Result) > 0 && Uses(set.Value, load.Result))
        {
            _loading = set.Result;
            _nodes.SetInlined(load.Result, Push);
            return;
        }
        Push();
        Keep(load.Result);

        void Push()
        {
            PushHostAddress(load.Address, address);
            _il.Emit(OpCodes.Volatile);
            _il.Emit(MemoryAccess.LoadOf(load.Result.Type));
        }
    }

    // Branches within an expression would put everything else of it on the stack.
    private static bool Branches(Node value) => value switch
    {
        SelectNode => true,
        ConvertNode convert => Branches(convert.Operand),
        UnaryNode unary => Branches(unary.Operand),
        BinaryNode binary => Branches(binary.Left) || Branches(binary.Right),
        CallNode call => call.Arguments.Any(Branches),
        _ => false,
    };

    private static bool Uses(Node value, LocalNode local) => value switch
    {
        LocalNode used => used == local,
        ConvertNode convert => Uses(convert.Operand, local),
        _ => false,
    };

    // The top of the stack becomes a local of its own.
    private void Keep(LocalNode local)
    {
        var place = _il.Local(local.Type.ToClr());
        _il.Emit(OpCodes.Stloc, place);
        _nodes.SetPlace(local, place);
    }

    // A register is about to be written: who still wants what is in it finds that elsewhere.
    private void Vacate(int register)
    {
        if (_occupants[register] is not { } occupant || _nodes.UsesOf(occupant) == 0)
            return;
        var place = _il.Local(typeof(long));
        _il.Emit(OpCodes.Ldloc, Register(register));
        _il.Emit(OpCodes.Stloc, place);
        _nodes.SetPlace(occupant, place);
        _occupants[register] = null;
    }

    // Values that are not in their registers yet.
    private void EmitMoves(RegionBlock block, Dictionary<int, int> finals)
    {
        var moves = new List<(int Register, Node Value)>();
        foreach (var (register, value) in block.Written)
        {
            if (!IsLive(block, register))
                continue;
            if (value is LocalNode local && finals.TryGetValue(local.Index, out var home) && home == register && _nodes.PlaceOf(local) == Register(register))
                _nodes.UsesOf(local)--;
            else
                moves.Add((register, value));
        }
        while (moves.Count > 0)
        {
            var next = moves.FindIndex(move => _occupants[move.Register] is not { } occupant || _nodes.UsesOf(occupant) == (occupant == move.Value ? 1 : 0));
            var (register, value) = moves[Math.Max(next, 0)];
            moves.RemoveAt(Math.Max(next, 0));
            _nodes.Push(value);
            Vacate(register);
            _il.Emit(OpCodes.Stloc, Register(register));
            _occupants[register] = null;
        }
    }

    private void PushHostAddress(Node address, LocalBuilder? compared)
    {
        _il.Argument(Memory);
        if (compared == null)
            _nodes.Push(address);
        else
            _il.Emit(OpCodes.Ldloc, compared);
        _il.Emit(OpCodes.Conv_I);
        _il.Emit(OpCodes.Add);
    }

    // Where an address is that was compared with the end of the window.
    private LocalBuilder Compared(Node address, AccessKind access)
    {
        var place = _il.Local(typeof(long));
        var outside = _il.Label();
        _nodes.Push(address);
        _il.Emit(OpCodes.Stloc, place);
        _il.Emit(OpCodes.Ldloc, place);
        _il.Argument(Limit);
        _il.Emit(OpCodes.Bge_Un, outside);
        _mayBeOutside = true;
        _cold.Enqueue(() =>
        {
            _il.Mark(outside);
            _il.Emit(OpCodes.Ldloc, place);
            _il.Emit(OpCodes.Stloc, _outsideAddress);
            _il.Emit(OpCodes.Br, access == AccessKind.Read ? _outsideRead : _outsideWrite);
        });
        return place;
    }

    private void Compare(ulong registers, Label outside)
    {
        if (_trusted)
            return;
        foreach (var register in RegionRegisters.In(registers))
        {
            _il.Emit(OpCodes.Ldloc, Register(register));
            _il.Argument(Limit);
            _il.Emit(OpCodes.Bge_Un, outside);
        }
    }

    private void StoreHomes(ulong registers)
    {
        foreach (var register in RegionRegisters.In(registers))
        {
            _il.PushField(_region.Registers.OffsetOf(register));
            _il.Emit(OpCodes.Ldloc, Register(register));
            _il.Emit(OpCodes.Stind_I8);
        }
        if (!_counts)
            return;
        _il.PushField(StateLayout.Budget);
        _il.Emit(OpCodes.Ldloc, _budget);
        _il.Emit(OpCodes.Stind_I8);
    }

    // Where the budget may not suffice up to the next place where this is asked, or somebody wants the hart.
    private void LeaveWhenWanted(Label leave)
    {
        if (_counts)
        {
            _il.Emit(OpCodes.Ldloc, _budget);
            _il.Constant((long)_region.InstructionCount);
            _il.Emit(OpCodes.Blt, leave);
            return;
        }
        _il.PushField(StateLayout.IsWanted);
        _il.Emit(OpCodes.Volatile);
        _il.Emit(OpCodes.Ldind_I4);
        _il.Emit(OpCodes.Brtrue, leave);
    }

    private static bool IsLive(RegionBlock block, int register) => (block.LiveOut >> register & 1) != 0;

    private LocalBuilder Register(int number) => _registers[number] ??= _il.Local(typeof(long));
}
