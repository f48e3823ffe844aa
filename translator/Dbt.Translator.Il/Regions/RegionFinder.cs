using Dbt.Isa;
using Dbt.Translator.Cache;
using Dbt.Translator.Il.Trees;
using Dbt.Translator.Il.Trees.Nodes;
using Dbt.Translator.Il.Trees.Statements;
using Dbt.Translator.Semantics;

namespace Dbt.Translator.Il.Regions;

/// <summary>
/// Finds the region of an address: what direct jumps reach from there, nearest first, up to a number of instructions. A call is a jump like
/// others, and a jump through the register that a call of the region writes probably leads behind that call.
/// </summary>
/// <param name="lifter">The guest's semantics.</param>
/// <param name="extensions">Extensions that are on.</param>
/// <param name="code">Where instructions come from.</param>
/// <param name="mostInstructions">Guest instructions after which nothing is added.</param>
internal sealed class RegionFinder(GuestLifter lifter, ExtensionSet extensions, IGuestCode code, int mostInstructions)
{
    private const int LongestRun = 128;
    private const int CallDistance = 6;

    // More would take longer than the jump cache.
    private const int MostLikely = 6;

    private readonly BlockDecoder _decoder = new(lifter.Isa, extensions, code, LongestRun);
    private readonly Dictionary<ulong, PredecodedInstruction> _instructions = [];
    private readonly HashSet<ulong> _leaders = [];
    private readonly HashSet<ulong> _returns = [];
    private readonly HashSet<int> _linkRegisters = [];

    // From functions to the places behind their calls, and from calls to those.
    private readonly Dictionary<ulong, List<ulong>> _calls = [];
    private readonly Dictionary<ulong, ulong> _callers = [];
    private readonly PriorityQueue<ulong, int> _queue = new();
    private readonly List<SourceRange> _source = [];
    private RegionRegisters _registers = new(lifter.Isa);
    private readonly HashSet<ulong> _targets = [];
    private ulong _seed;
    private int _locals;

    /// <summary>The region of an address; null when its first instruction is not for regions, or there is nothing to win.</summary>
    public Region? Find(ulong pc)
    {
        Decode(pc);
        var blocks = new Dictionary<ulong, RegionBlock>();
        foreach (var leader in _leaders)
            if (_instructions.ContainsKey(leader) && Build(leader) is { Instructions.Length: > 0 } block)
                blocks.Add(leader, block);
        if (_registers.Count > RegionRegisters.Most || blocks.Values.FirstOrDefault(block => block.Contains(pc)) is not { } first)
            return null;
        foreach (var block in blocks.Values)
        {
            foreach (var edge in block.Edges)
                edge.Block = blocks.GetValueOrDefault(edge.Pc);
        }
        FindReturns(blocks);
        var loops = Narrow(blocks, first);
        // The loops nest as they do in the program when the region begins where the outermost one does: mostly at the lowest address.
        var entries = new List<RegionBlock> { loops ? Body(blocks, first).MinBy(block => block.Start)! : first };
        foreach (var (call, place) in _callers)
            if (blocks.TryGetValue(place, out var behind) && !entries.Contains(behind) && !blocks.Values.Any(block => block.Calls(call)))
                entries.Add(behind);
        var order = new RegionOrder(entries);
        foreach (var header in order.Headers)
            if (!entries.Contains(header))
                entries.Add(header);
        for (var i = 0; i < entries.Count; i++)
            entries[i].Entry = i;
        return new Region(order.Blocks, entries, _registers, _source, _locals);
    }

    // Where the jumps at the ends of called functions lead: behind the calls of these functions.
    private void FindReturns(Dictionary<ulong, RegionBlock> blocks)
    {
        foreach (var (function, places) in _calls)
        {
            if (!blocks.TryGetValue(function, out var first))
                continue;
            foreach (var block in Body(blocks, first))
                if (block.Target is { } target && IsReturn(block, target))
                    foreach (var place in places)
                        if (block.Likely.Count < MostLikely && blocks.TryGetValue(place, out var behind) && !block.Likely.Exists(edge => edge.Pc == place))
                            block.Likely.Add(new RegionEdge(place) { Block = behind });
        }
    }

    // What can be reached from a block within its function: over calls, not into them.
    private HashSet<RegionBlock> Body(Dictionary<ulong, RegionBlock> blocks, RegionBlock first)
    {
        var body = new HashSet<RegionBlock> { first };
        var work = new Stack<RegionBlock>(body);
        while (work.TryPop(out var block))
        {
            var called = _callers.TryGetValue(block.Instructions[^1].Pc, out var next);
            if (called && blocks.TryGetValue(next, out var after) && body.Add(after))
                work.Push(after);
            if (called || block.Target != null)
                continue;
            foreach (var edge in block.Edges)
                if (edge.Block != null && body.Add(edge.Block))
                    work.Push(edge.Block);
        }
        return body;
    }

    // What does not lead back is executed once for each time that the region is entered. Where nothing leads back, all of it is: false then.
    private static bool Narrow(Dictionary<ulong, RegionBlock> blocks, RegionBlock first)
    {
        var reached = new HashSet<RegionBlock> { first };
        var work = new Stack<RegionBlock>(reached);
        var sources = new Dictionary<RegionBlock, List<RegionBlock>>();
        while (work.TryPop(out var block))
        {
            foreach (var edge in block.Edges)
            {
                if (edge.Block is not { } next)
                    continue;
                if (!sources.TryGetValue(next, out var list))
                    sources.Add(next, list = []);
                list.Add(block);
                if (reached.Add(next))
                    work.Push(next);
            }
        }
        var kept = new HashSet<RegionBlock>();
        var loops = sources.TryGetValue(first, out var back);
        if (loops)
        {
            foreach (var block in back!)
                if (kept.Add(block))
                    work.Push(block);
            while (work.TryPop(out var block))
                if (block != first && sources.TryGetValue(block, out var before))
                    foreach (var source in before)
                        if (kept.Add(source))
                            work.Push(source);
            kept.Add(first);
        }
        else
        {
            kept = reached;
        }
        foreach (var (pc, block) in blocks)
        {
            if (!kept.Contains(block))
                blocks.Remove(pc);
            foreach (var edge in block.Edges)
                if (edge.Block is { } next && !kept.Contains(next))
                    edge.Block = null;
        }
        return loops;
    }

    private void Decode(ulong pc)
    {
        _seed = pc;
        _queue.Enqueue(pc, 0);
        while (_queue.TryDequeue(out var at, out var distance))
        {
            if (!_leaders.Add(at) || _instructions.ContainsKey(at))
                continue;
            if (_instructions.Count >= mostInstructions || _decoder.TryDecode(at) != ExitReason.None)
            {
                _leaders.Remove(at);
                continue;
            }
            DecodeRun(distance);
        }
    }

    private void DecodeRun(int distance)
    {
        _source.Add(new SourceRange(_decoder.Start, _decoder.Bytes.ToArray()));
        foreach (ref readonly var instruction in _decoder.Instructions)
        {
            if (_instructions.TryAdd(instruction.Pc, instruction))
                continue;
            // A place where slices happened to end is none where blocks do.
            if (instruction.Pc == _seed && !_targets.Contains(_seed))
                _leaders.Remove(_seed);
            else
                _leaders.Add(instruction.Pc);
            return;
        }
        var last = _decoder.Instructions[^1];
        var next = last.Pc + last.Instruction.Length;
        var traits = lifter.Isa.TraitsOf(last.Instruction.Operation);
        if ((traits & OperationTraits.EndsBlock) == 0)
        {
            if ((traits & OperationTraits.System) == 0)
                Reach(next, distance + 1);
            return;
        }
        if ((traits & OperationTraits.Conditional) != 0)
        {
            Reach(next, distance + 1);
            Reach(lifter.Isa.DirectTarget(last.Instruction, last.Pc), distance + 1);
            return;
        }
        var calls = Links(last, next);
        if (calls)
        {
            _returns.Add(next);
            _callers[last.Pc] = next;
            Reach(next, distance + 1);
            if ((traits & OperationTraits.DirectJump) != 0)
            {
                var function = lifter.Isa.DirectTarget(last.Instruction, last.Pc);
                if (!_calls.TryGetValue(function, out var places))
                    _calls.Add(function, places = []);
                places.Add(next);
            }
        }
        if ((traits & OperationTraits.DirectJump) != 0)
            Reach(lifter.Isa.DirectTarget(last.Instruction, last.Pc), distance + (calls ? CallDistance : 1));
    }

    private void Reach(ulong pc, int distance)
    {
        _targets.Add(pc);
        // It was decoded from a sampled address that nothing was known to jump to.
        if (pc == _seed)
            _leaders.Add(pc);
        _queue.Enqueue(pc, distance);
    }

    // Whether an instruction that jumps leaves the address of the next one in a register.
    private bool Links(in PredecodedInstruction jump, ulong next)
    {
        var builder = new RegionTreeBuilder(lifter.Isa, _registers, 0);
        lifter.Lift<RegionTreeBuilder, Node>([jump], ref builder);
        var found = false;
        foreach (var (register, value) in builder.Written)
        {
            if (value is not ConstantNode known || (ulong)known.Bits != next)
                continue;
            _linkRegisters.Add(register);
            found = true;
        }
        return found;
    }

    private RegionBlock Build(ulong leader)
    {
        var run = new List<PredecodedInstruction>();
        for (var pc = leader; _instructions.TryGetValue(pc, out var instruction) && (run.Count == 0 || !_leaders.Contains(pc));)
        {
            run.Add(instruction);
            pc += instruction.Instruction.Length;
            if ((lifter.Isa.TraitsOf(instruction.Instruction.Operation) & OperationTraits.EndsBlock) != 0)
                break;
        }
        for (; ; )
        {
            var block = new RegionBlock(leader, [.. run]);
            if (run.Count == 0)
                return block;
            var builder = new RegionTreeBuilder(lifter.Isa, _registers, _locals);
            lifter.Lift<RegionTreeBuilder, Node>(block.Instructions, ref builder);
            if (builder.Declined)
            {
                run.RemoveRange(builder.Count - 1, run.Count - builder.Count + 1);
                continue;
            }
            _locals = builder.LocalCount;
            block.Statements = builder.Statements;
            block.Written = builder.Written;
            block.Condition = builder.Condition;
            if (builder.Taken is ConstantNode taken)
                block.Taken = new RegionEdge((ulong)taken.Bits);
            if (builder.Target is null)
                block.Next = new RegionEdge(run[^1].Pc + run[^1].Instruction.Length);
            else if (builder.Target is ConstantNode target)
                block.Next = new RegionEdge((ulong)target.Bits);
            else
                block.Target = builder.Target;
            return block;
        }
    }

    // Whether a jump's target comes out of a register that calls write.
    private bool IsReturn(RegionBlock block, Node target) => target switch
    {
        ConvertNode convert => IsReturn(block, convert.Operand),
        BinaryNode { Right: ConstantNode } binary => IsReturn(block, binary.Left),
        LocalNode local => block.Statements.Any(statement => statement switch
        {
            LoadRegisterStatement load => load.Result == local && _linkRegisters.Contains(load.Offset),
            SetStatement set => set.Result == local && (IsReturn(block, set.Value) ||
                block.Written.Any(written => written.Value == local && _linkRegisters.Contains(written.Key))),
            LoadStatement load => load.Result == local && block.Written.Any(written => _linkRegisters.Contains(written.Key)),
            _ => false,
        }),
        _ => false,
    };
}
