using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Dbt.Isa;
using Dbt.Translator.Baseline;
using Dbt.Translator.Cache;
using Dbt.Translator.HostCode;
using Dbt.Translator.Semantics;

namespace Dbt.Translator.Engines;

/// <summary>
/// Compiles blocks to x86-64 code once they have run a few dozen times, chained by patched jumps and a hashed jump cache. Faults are exact: the code that failed hands its
/// instruction to the interpreter, which says what is wrong. See translator/notes/0003-baseline-compiler.md.
/// </summary>
public sealed unsafe partial class BaselineEngine : TieredEngine<BaselineBlock>
{
    private const int DefaultThreshold = 30;
    private const int LargestRegion = 1 << 30;
    private const int RegionSlack = 4 << 20;

    // Code that goes on behind conditional jumps has fewer jumps, checks and budgets to care for; some of it is there more than once.
    internal const int BranchesInTrace = 6;

    private readonly GuestLifter _lifter;
    private readonly HostFeatures _features;
    private readonly CodeMapping _mapping;
    private readonly List<CodeRegion> _regions = [];
    private CodeRegion? _region;
    private BlockDecoder? _traces;

    // The newest region's way in; as good for older ones, and not freed while a hart has an entry to use it with.
    private nint _enter;

    /// <summary>An engine with an empty cache.</summary>
    /// <param name="lifter">The guest's semantics.</param>
    /// <param name="options">Settings; the defaults when null.</param>
    /// <exception cref="PlatformNotSupportedException">The host is not x86-64 Linux.</exception>
    public BaselineEngine(GuestLifter lifter, EngineOptions? options = null)
        : this(lifter, options, HostFeatures.Detected)
    {
    }

    /// <summary>An engine that emits only such instructions as these features allow, to memory that is mapped in this way.</summary>
    internal BaselineEngine(
        GuestLifter lifter, EngineOptions? options, HostFeatures features, CodeMapping mapping = CodeMapping.Automatic, UpperTier? upper = null)
        : base(IsaOf(lifter), WithinReach(options ?? EngineOptions.Default), DefaultThreshold)
    {
        if (!IsSupported)
            throw new PlatformNotSupportedException($"The baseline compiler is for x86-64 Linux, and this is {RuntimeInformation.RuntimeIdentifier}.");
        if (upper != null)
            upper.Host = this;
        Upper = upper;
        _lifter = lifter;
        _features = features;
        _mapping = mapping;
    }

    /// <summary>Whether the host can run it.</summary>
    public static bool IsSupported => HostFeatures.IsX64Linux;

    /// <inheritdoc/>
    public override string Name => "baseline";

    /// <inheritdoc/>
    private protected override bool MayLeaveOutCount => true;

    /// <inheritdoc/>
    protected override void* EntryOf(BaselineBlock block) => block.Entry;

    /// <inheritdoc/>
    protected override void Enter(HartContext context, void* entry)
    {
        var state = context.State;
        ((delegate* unmanaged<HartHeader*, void*, void>)Volatile.Read(ref _enter))(state, entry);
        if (state->Exit == ExitReason.None && state->Current == null)
            Recover(state);
    }

    /// <inheritdoc/>
    protected override bool TryCompile(HartContext context, BaselineBlock block)
    {
        Compile(block, context.State);
        return true;
    }

    /// <inheritdoc/>
    protected override void Resolve(void* link, BaselineBlock block)
    {
        BaselineLink.Join((BaselineLink*)link, block.Incoming);
        _region!.Patch((BaselineLink*)link, block.Entry);
    }

    /// <inheritdoc/>
    protected override void Unlink(IReadOnlyList<BaselineBlock> blocks)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        foreach (var block in blocks)
        {
            if (block.Entry == null)
                continue;
            while (block.Incoming->Next != block.Incoming)
                Reset(block.Incoming->Next);
            for (var link = block.Outgoing; link != null; link = link->Sibling)
                Reset(link);
        }
    }

    /// <inheritdoc/>
    protected override void UnlinkAll()
    {
        if (_region is not { } region)
            return;
        _region = null;
        DisposeLater(new Retirement(this, region));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        foreach (var region in _regions)
            region.Dispose();
        _regions.Clear();
        _region = null;
        _calls?.Dispose();
    }

    private static GuestIsa IsaOf(GuestLifter lifter)
    {
        ArgumentNullException.ThrowIfNull(lifter);
        return lifter.Isa;
    }

    // All code is in one region, which jumps must be able to cross.
    private static EngineOptions WithinReach(EngineOptions options) =>
        options with { CacheBytes = Math.Min(options.CacheBytes, LargestRegion - RegionSlack) };

    // The state is complete. Nothing that goes wrong may leave this method: there are frames of no managed code below it.
    [UnmanagedCallersOnly]
    private static int StepCurrent(HartHeader* state)
    {
        try
        {
            state->Pc = state->Current->Pc;
            var hart = Hart.FromState(state);
            if (!hart.Isa.Step(state, state->Current->Instruction))
                return 0;
            Unsafe.As<HartContext>(hart.EngineData!).CountHandedOver();
            return 1;
        }
        catch (Exception)
        {
            // The engine executes the instruction once more, where it can say what is wrong.
            if (state->HostFault != null)
                state->HostFault->Signal = 0;
            return 0;
        }
    }

    /// <inheritdoc/>
    private protected override void Bypass(BaselineBlock block)
    {
        if (block.Entry == null)
            return;
        while (block.Incoming->Next != block.Incoming)
            Reset(block.Incoming->Next);
    }

    private void Reset(BaselineLink* link)
    {
        BaselineLink.Leave(link);
        _region!.Patch(link, link->Unresolved);
    }

    private void Compile(BaselineBlock block, HartHeader* state)
    {
        if (_region == null)
        {
            var bytes = (int)Math.Min(LargestRegion, Options.CacheBytes + RegionSlack + 4095 & ~4095L);
            _regions.Add(_region = new CodeRegion(_lifter, state->Extensions, bytes, _mapping, _features, Options.TrustsGuest, Counts, !IsAlone, &StepCurrent, calls: _calls?.Settings));
            Volatile.Write(ref _enter, (nint)_region.Enter);
            if (Options.CodeListener is { } listener)
                _region.Stubs.Announce(listener, Name);
        }
        _traces ??= CreateTraceDecoder(BranchesInTrace);
        if (_traces.TryExtend(block))
            Cache.Extend(block, _traces);
        var incoming = (BaselineLink*)Cache.Arena.Allocate(sizeof(BaselineLink));
        BaselineLink.Initialize(incoming, block.Start, null);
        block.Incoming = incoming;
        var before = _region.UsedBytes;
        if (!_region.TryCompile(block, Cache.Arena, state->MemoryLimit))
            throw new InvalidOperationException("The code region is smaller than the cache's budget.");
        Cache.Charge(_region.UsedBytes - before);
        Options.CodeListener?.BlockAdded(Name, block.Start, block.Entry, block.CodeLength);
    }

    // An access to guest memory failed: its instruction is the interpreter's, with the state as it was in front of it. A poll did: the same, or
    // the guest's jump has happened already.
    private void Recover(HartHeader* state)
    {
        var address = state->HostFault->InstructionPointer;
        state->HostFault->Signal = 0;
        lock (Gate)
        {
            var region = _regions.Find(region => region.Contains(address));
            var block = region?.FindBlock(address) ??
                throw new InvalidOperationException("Translated code failed where no block is.");
            var site = block.Sites.Find(address);
            if (site == null)
                throw new InvalidOperationException("Translated code failed where it accesses no guest memory.");
            region!.RestoreRegisters(block, state);
            if (site->Instruction == FaultSite.Jumped)
            {
                state->Exit = ExitReason.TranslationMiss;
                return;
            }
            state->Current = block.Trace + 1 + site->Instruction;
            var pending = block.Sites.PendingAt(site);
            if (pending == null)
                return;
            var open = (uint)(*pending >> 32);
            for (var register = 0; open != 0; register++, open >>= 1)
                if ((open & 1) != 0)
                    *(long*)region.Map.HomeIn(state, register) = *(int*)region.Map.HomeIn(state, register);
            var mask = (uint)*pending;
            for (var register = 0; mask != 0; register++, mask >>= 1)
                if ((mask & 1) != 0)
                    *(long*)region.Map.HomeIn(state, register) = *++pending;
        }
    }

    // Frees a region when nobody is in it any more.
    private sealed class Retirement(BaselineEngine engine, CodeRegion region) : IDisposable
    {
        public void Dispose()
        {
            engine._regions.Remove(region);
            region.Dispose();
        }
    }
}
