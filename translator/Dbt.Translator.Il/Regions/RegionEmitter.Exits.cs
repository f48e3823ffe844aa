using System.Reflection.Emit;
using Dbt.Isa;
using Dbt.Translator.Il.Emission;

namespace Dbt.Translator.Il.Regions;

// Where blocks go on: in the region, or out of it.
internal sealed unsafe partial class RegionEmitter
{
    private void EmitJump(RegionBlock block, RegionBlock? following, BoundsWalk walk)
    {
        if (block.Condition is { } condition)
        {
            var otherwise = _il.Label();
            _nodes.BranchUnless(condition, otherwise);
            EmitEdge(block, block.Taken!, null, walk);
            _il.Mark(otherwise);
        }
        if (block.Next is { } next)
        {
            EmitEdge(block, next, following, walk);
            return;
        }
        var target = _il.Local(typeof(long));
        _nodes.Push(block.Target!);
        _il.Emit(OpCodes.Stloc, target);
        foreach (var edge in block.Likely)
        {
            if (edge.Block == null)
                continue;
            var other = _il.Label();
            _il.Emit(OpCodes.Ldloc, target);
            _il.Constant((long)edge.Pc);
            _il.Emit(OpCodes.Bne_Un, other);
            EmitEdge(block, edge, null, walk);
            _il.Mark(other);
        }
        StoreHomes(block.DirtyOut);
        JumpThroughCache(target);
    }

    private void EmitEdge(RegionBlock block, RegionEdge edge, RegionBlock? following, BoundsWalk walk)
    {
        var leave = _il.Label();
        var leaves = false;
        if (edge.Block is not { } next)
        {
            _il.Emit(OpCodes.Br, leave);
            leaves = true;
        }
        else
        {
            if (edge.IsBack)
            {
                var pause = _il.Label();
                LeaveWhenWanted(pause);
                var homes = _counts ? block.DirtyOut : block.DirtyOut & next.LiveIn;
                _cold.Enqueue(() =>
                {
                    _il.Mark(pause);
                    StoreHomes(homes);
                    GiveUp(edge.Pc);
                });
            }
            if (!_trusted)
            {
                var unknown = next.Wanted;
                foreach (var register in RegionRegisters.In(next.Wanted))
                    if (RegionBounds.After(block, walk, register) != Bounds.Unknown)
                        unknown &= ~(1UL << register);
                Compare(unknown, leave);
                leaves |= unknown != 0;
            }
            if (next != following)
                _il.Emit(OpCodes.Br, _labels[next]);
        }
        if (leaves)
            _cold.Enqueue(() => EmitExit(leave, block, edge.Pc));
    }

    private void EmitExit(Label label, RegionBlock block, ulong pc)
    {
        _il.Mark(label);
        StoreHomes(block.DirtyOut);
        var way = _il.Local(typeof(nint));
        _il.Pointer((void*)_linkTo(pc));
        _il.Emit(OpCodes.Ldind_I);
        _il.Emit(OpCodes.Stloc, way);
        Take(way);
    }

    // Tail-calls the region that a way leads to.
    private void Take(LocalBuilder way)
    {
        _il.Argument(State);
        _il.Argument(Memory);
        _il.Argument(Limit);
        _il.Emit(OpCodes.Ldloc, way);
        _il.Emit(OpCodes.Ldloc, way);
        _il.Emit(OpCodes.Ldind_I);
        _il.TailCall(BlockEmitter.Parameters);
    }

    private void JumpThroughCache(LocalBuilder target)
    {
        var miss = _il.Label();
        var entry = _il.FindInJumpCache(target, miss);
        _il.Emit(OpCodes.Ldloc, entry);
        _il.Constant(sizeof(long));
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Ldind_I);
        _il.Emit(OpCodes.Stloc, entry);
        Take(entry);
        _cold.Enqueue(() =>
        {
            _il.Mark(miss);
            _il.PushField(StateLayout.Pc);
            _il.Emit(OpCodes.Ldloc, target);
            _il.Emit(OpCodes.Stind_I8);
            _il.Leave(ExitReason.TranslationMiss);
        });
    }

    // An access outside of the window: it would fail wherever registers are.
    private void EmitOutside()
    {
        foreach (var access in (AccessKind[])[AccessKind.Read, AccessKind.Write])
        {
            _il.Mark(access == AccessKind.Read ? _outsideRead : _outsideWrite);
            _il.StorePc((long)_region.Start);
            _il.PushField(StateLayout.FaultAddress);
            _il.Emit(OpCodes.Ldloc, _outsideAddress);
            _il.Emit(OpCodes.Stind_I8);
            _il.StoreInt(StateLayout.FaultAccess, (int)access);
            _il.StoreInt(StateLayout.FaultSignal, 0);
            StoreHomes(0);
            _il.Leave(ExitReason.MemoryFault);
        }
    }
}
