using System.Reflection.Emit;
using Dbt.Isa;
using Dbt.Isa.Interpreting;
using Dbt.Translator.Il.Trees;
using Dbt.Translator.Il.Trees.Nodes;
using Dbt.Translator.Il.Trees.Statements;
using Dbt.Translator.Semantics;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Il.Emission;

/// <summary>
/// Turns the steps of a block into IL. The method is entered with (state, memory, limit, link): the hart's state, the host address of
/// guest address 0, the first guest address outside of the window, and the link through which it was reached (of use to the stub only).
/// It leaves by a tail call of the next block, or returns with <see cref="HartHeader.Exit"/> set.
/// </summary>
/// <remarks>
/// Before an instruction that may fault, whatever changed is stored and the instruction is named in <see cref="HartHeader.Current"/>, so
/// that nothing is lost when the access throws. An address outside of the window leaves with Exit None: the interpreter executes the
/// instruction and finds the fault. All such exits of a block share one cold place, because the state is complete already.
/// </remarks>
internal sealed unsafe class BlockEmitter
{
    /// <summary>Index of the argument that holds the hart's state.</summary>
    public const int State = 0;

    private const int Memory = 1;
    private const int Limit = 2;
    private const int LinkArgument = 3;

    private readonly IlWriter _il;
    private readonly NodeEmitter _nodes;
    private readonly PredecodedInstruction* _code;
    private readonly Func<ulong, nint> _linkTo;
    private readonly Label _outside;
    private readonly int _localCount;
    private LiveLocals? _live;
    private bool _mayBeOutside;

    /// <summary>An emitter for one block.</summary>
    /// <param name="il">Where to.</param>
    /// <param name="localCount">Number of locals in the steps.</param>
    /// <param name="code">The block's <see cref="EngineOperation.BlockStart"/>; outlives the method.</param>
    /// <param name="linkTo">Gives the address of a link that leads to a guest address; it outlives the method.</param>
    public BlockEmitter(IlWriter il, int localCount, PredecodedInstruction* code, Func<ulong, nint> linkTo)
    {
        _il = il;
        _nodes = new NodeEmitter(il, localCount);
        _localCount = localCount;
        _code = code;
        _linkTo = linkTo;
        _outside = il.Label();
    }

    /// <summary>What a compiled block is called with.</summary>
    public static Type[] Parameters { get; } = [typeof(nint), typeof(nint), typeof(ulong), typeof(nint)];

    /// <summary>Emits the whole method.</summary>
    /// <param name="statements">The steps; the last one leaves.</param>
    /// <param name="assumesNearestRounding">Whether the block must not be entered in another dynamic rounding mode.</param>
    public void Emit(IReadOnlyList<Statement> statements, bool assumesNearestRounding)
    {
        if (assumesNearestRounding)
            EmitRoundingCheck();
        EmitBudget();
        _live = new LiveLocals(statements, _localCount);
        EmitAll(statements);
        if (_mayBeOutside)
        {
            _il.Mark(_outside);
            _il.Leave(ExitReason.None);
        }
    }

    private void EmitAll(IReadOnlyList<Statement> statements)
    {
        foreach (var statement in statements)
            Emit(statement);
    }

    private void Emit(Statement statement)
    {
        switch (statement)
        {
            case CommentStatement comment:
                _il.Comment(comment.Instruction);
                break;
            case LoadRegisterStatement load:
                _il.PushField(load.Offset);
                _il.Emit(OpCodes.Ldind_I8);
                _nodes.Pop(load.Result);
                break;
            case SetStatement set:
                _nodes.Push(set.Value);
                _nodes.Pop(set.Result);
                break;
            case FlushStatement flush:
                StoreHomes(flush.Homes);
                NameInstruction(flush.Instruction);
                break;
            case LoadStatement load when !_live!.Contains(load.Result):
                // Whole or not at all: left to the interpreter, see LiveLocals.
                _mayBeOutside = true;
                _il.Emit(OpCodes.Br, _outside);
                break;
            case LoadStatement load:
                PushHostAddress(load.Address);
                _il.Emit(OpCodes.Volatile);
                _il.Emit(MemoryAccess.LoadOf(load.Result.Type));
                _nodes.Pop(load.Result);
                break;
            case StoreStatement store:
                EmitStore(store);
                break;
            case AtomicStatement atomic:
                EmitAtomic(atomic);
                break;
            case LoadReservedStatement load:
                EmitLoadReserved(load);
                break;
            case StoreConditionalStatement store:
                EmitStoreConditional(store);
                break;
            case FenceStatement:
                _il.Call(IntrinsicEmitter.Method(typeof(Interlocked), nameof(Interlocked.MemoryBarrier)));
                break;
            case IfStatement branch:
                EmitIf(branch);
                break;
            case JumpStatement jump:
                EmitJump(jump);
                break;
            case ExitStatement exit:
                StoreHomes(exit.Homes);
                NameInstruction(exit.Instruction);
                _il.StorePc((long)exit.Pc);
                _il.Leave(exit.Reason);
                break;
            case InterpretStatement interpret:
                EmitInterpret(interpret);
                break;
            default:
                throw new NotSupportedException($"No IL for {statement.GetType().Name}.");
        }
    }

    private void EmitRoundingCheck()
    {
        var nearest = _il.Label();
        _il.PushField(StateLayout.FpRounding);
        _il.Emit(OpCodes.Ldind_U4);
        _il.Emit(OpCodes.Brfalse, nearest);
        // The whole block is for the interpreter: Exit None without a Current.
        _il.StorePc((long)_code->Pc);
        _il.PushField(StateLayout.Current);
        _il.Pointer(null);
        _il.Emit(OpCodes.Stind_I);
        _il.Leave(ExitReason.None);
        _il.Mark(nearest);
    }

    private void EmitBudget()
    {
        var enough = _il.Label();
        var budget = _il.Local(typeof(long));
        _il.PushField(StateLayout.Budget);
        _il.Emit(OpCodes.Ldind_I8);
        _il.Constant(_code->Instruction.Immediate);
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Stloc, budget);
        _il.Emit(OpCodes.Ldloc, budget);
        _il.Constant(0L);
        _il.Emit(OpCodes.Bge, enough);
        _il.StorePc((long)_code->Pc);
        _il.Leave(ExitReason.Budget);
        _il.Mark(enough);
        _il.PushField(StateLayout.Budget);
        _il.Emit(OpCodes.Ldloc, budget);
        _il.Emit(OpCodes.Stind_I8);
    }

    private void EmitStore(StoreStatement store)
    {
        // The value first: nothing may come between the check and the access.
        var value = _il.Local(store.Type.ToClr());
        _nodes.Push(store.Value);
        _il.Emit(OpCodes.Stloc, value);
        PushHostAddress(store.Address);
        _il.Emit(OpCodes.Ldloc, value);
        _il.Emit(OpCodes.Volatile);
        _il.Emit(MemoryAccess.StoreOf(store.Type));
    }

    private void EmitAtomic(AtomicStatement atomic)
    {
        var type = atomic.Result.Type;
        var value = _il.Local(type.ToClr());
        _nodes.Push(atomic.Value);
        _il.Emit(OpCodes.Stloc, value);
        var address = Address(atomic.Address);
        CheckAlignment(address, type, AccessKind.Write);
        PushHostAddress(address);
        _il.Emit(OpCodes.Ldloc, value);
        var integer = Integer(type);
        _il.Call(IntrinsicEmitter.Method(typeof(GuestAtomics), atomic.Operator.ToString(), integer.MakePointerType(), integer));
        _nodes.Pop(atomic.Result);
    }

    private void EmitLoadReserved(LoadReservedStatement load)
    {
        var type = Integer(load.Result.Type);
        var address = Address(load.Address);
        CheckAlignment(address, load.Result.Type, AccessKind.Read);
        var host = HostAddress(address);
        _il.Argument(State);
        _il.Emit(OpCodes.Ldloc, host);
        _il.Emit(OpCodes.Ldloc, address);
        _il.Call(IntrinsicEmitter.Method(typeof(GuestAtomics), nameof(GuestAtomics.LoadReserved),
            typeof(HartHeader*), type.MakePointerType(), typeof(ulong)));
        _nodes.Pop(load.Result);
    }

    private void EmitStoreConditional(StoreConditionalStatement store)
    {
        var type = Integer(store.Type);
        var value = _il.Local(store.Type.ToClr());
        _nodes.Push(store.Value);
        _il.Emit(OpCodes.Stloc, value);
        var address = Address(store.Address);
        CheckAlignment(address, store.Type, AccessKind.Write);
        var host = HostAddress(address);
        _il.Argument(State);
        _il.Emit(OpCodes.Ldloc, host);
        _il.Emit(OpCodes.Ldloc, address);
        _il.Emit(OpCodes.Ldloc, value);
        _il.Call(IntrinsicEmitter.Method(typeof(GuestAtomics), nameof(GuestAtomics.StoreConditional),
            typeof(HartHeader*), type.MakePointerType(), typeof(ulong), type));
        _nodes.Pop(store.Result);
    }

    private LocalBuilder HostAddress(LocalBuilder address)
    {
        var host = _il.Local(typeof(nint));
        PushHostAddress(address);
        _il.Emit(OpCodes.Stloc, host);
        return host;
    }

    private static Type Integer(ValueType type) => type switch
    {
        ValueType.I32 => typeof(int),
        ValueType.U32 => typeof(uint),
        ValueType.I64 => typeof(long),
        ValueType.U64 => typeof(ulong),
        _ => throw new NotSupportedException($"No IL for atomics on {type}."),
    };

    private void EmitIf(IfStatement branch)
    {
        var otherwise = _il.Label();
        _nodes.BranchUnless(branch.Condition, otherwise);
        EmitAll(branch.Then);
        if (branch.Otherwise.Count == 0)
        {
            _il.Mark(otherwise);
            return;
        }
        var end = _il.Label();
        if (branch.Then.Count == 0 || branch.Then[^1] is not (JumpStatement or ExitStatement))
            _il.Emit(OpCodes.Br, end);
        _il.Mark(otherwise);
        EmitAll(branch.Otherwise);
        _il.Mark(end);
    }

    private void EmitJump(JumpStatement jump)
    {
        if (jump.Target is ConstantNode known)
        {
            StoreHomes(jump.Homes);
            var link = (void*)_linkTo((ulong)known.Bits);
            _il.Argument(State);
            _il.Argument(Memory);
            _il.Argument(Limit);
            _il.Pointer(link);
            _il.Pointer(link);
            _il.Emit(OpCodes.Ldind_I);
            _il.TailCall(Parameters);
            return;
        }
        var target = _il.Local(typeof(long));
        _nodes.Push(jump.Target);
        _il.Emit(OpCodes.Stloc, target);
        StoreHomes(jump.Homes);
        JumpThroughCache(target);
    }

    private void JumpThroughCache(LocalBuilder target)
    {
        var miss = _il.Label();
        var entry = _il.FindInJumpCache(target, miss);
        _il.Argument(State);
        _il.Argument(Memory);
        _il.Argument(Limit);
        _il.Argument(LinkArgument);
        _il.Emit(OpCodes.Ldloc, entry);
        _il.Constant(sizeof(long));
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Ldind_I);
        _il.TailCall(Parameters);
        _il.Mark(miss);
        _il.PushField(StateLayout.Pc);
        _il.Emit(OpCodes.Ldloc, target);
        _il.Emit(OpCodes.Stind_I8);
        _il.Leave(ExitReason.TranslationMiss);
    }

    private void EmitInterpret(InterpretStatement interpret)
    {
        var completed = _il.Label();
        _il.Argument(State);
        _il.Call(IntrinsicEmitter.Method(typeof(InterpreterCall), nameof(InterpreterCall.ExecuteCurrent), typeof(HartHeader*)));
        _il.Emit(OpCodes.Brtrue, completed);
        _il.Emit(OpCodes.Ret);
        _il.Mark(completed);
        if (!interpret.Last)
            return;
        var target = _il.Local(typeof(long));
        _il.PushField(StateLayout.Pc);
        _il.Emit(OpCodes.Ldind_I8);
        _il.Emit(OpCodes.Stloc, target);
        JumpThroughCache(target);
    }

    private LocalBuilder Address(Node node)
    {
        var address = _il.Local(typeof(long));
        _nodes.Push(node);
        _il.Emit(OpCodes.Stloc, address);
        return address;
    }

    private void PushHostAddress(Node node) => PushHostAddress(Address(node));

    private void PushHostAddress(LocalBuilder address)
    {
        _mayBeOutside = true;
        _il.Emit(OpCodes.Ldloc, address);
        _il.Argument(Limit);
        _il.Emit(OpCodes.Bge_Un, _outside);
        _il.Argument(Memory);
        _il.Emit(OpCodes.Ldloc, address);
        _il.Emit(OpCodes.Conv_I);
        _il.Emit(OpCodes.Add);
    }

    private void CheckAlignment(LocalBuilder address, ValueType type, AccessKind access)
    {
        var aligned = _il.Label();
        _il.Emit(OpCodes.Ldloc, address);
        _il.Constant(type.Bits() / 8 - 1L);
        _il.Emit(OpCodes.And);
        _il.Constant(0L);
        _il.Emit(OpCodes.Beq, aligned);
        _il.PushField(StateLayout.FaultAddress);
        _il.Emit(OpCodes.Ldloc, address);
        _il.Emit(OpCodes.Stind_I8);
        _il.StoreInt(StateLayout.FaultAccess, (int)access);
        _il.StoreInt(StateLayout.FaultSignal, 0);
        // The interpreter's exits name the instruction's pc; Current was stored before.
        _il.Argument(State);
        _il.Call(IntrinsicEmitter.Method(typeof(InterpreterCall), nameof(InterpreterCall.StopAtCurrent), typeof(HartHeader*)));
        _il.Leave(ExitReason.MisalignedAccess);
        _il.Mark(aligned);
    }

    private void StoreHomes(IReadOnlyList<RegisterHome> homes)
    {
        foreach (var home in homes)
        {
            _il.PushField(home.Offset);
            _nodes.Push(home.Value);
            _il.Emit(OpCodes.Stind_I8);
        }
    }

    private void NameInstruction(int index)
    {
        _il.PushField(StateLayout.Current);
        _il.Pointer(_code + 1 + index);
        _il.Emit(OpCodes.Stind_I);
    }
}
