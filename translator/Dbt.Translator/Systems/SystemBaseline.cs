using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Dbt.Isa;
using Dbt.Isa.Systems;
using Dbt.Translator.Baseline;
using Dbt.Translator.Engines;
using Dbt.Translator.HostCode;
using Dbt.Translator.Hypercalls;
using Dbt.Translator.Semantics;

namespace Dbt.Translator.Systems;

/// <summary>
/// Runs harts in system mode with the baseline compiler: blocks are interpreted a few dozen times, then compiled to x86-64 code that accesses
/// memory through the hart's software TLB. See translator/notes/0007-system-mode.md.
/// </summary>
public sealed unsafe class SystemBaseline : SystemEngine
{
    private const int DefaultThreshold = 30;
    private const int LargestRegion = 1 << 30;
    private const int RegionSlack = 4 << 20;

    private readonly GuestLifter _lifter;
    private readonly HostFeatures _features;
    private readonly List<CodeRegion> _regions = [];
    private CodeRegion? _region;
    private HypercallPatcher? _calls;

    // The newest region's way in; as good for older ones, and not freed while a hart has an entry to use it with.
    private nint _enter;
    private long _blocks;
    private long _blockInstructions;
    private long _compileTicks;

    /// <summary>An engine with an empty cache.</summary>
    /// <param name="lifter">The guest's semantics.</param>
    /// <param name="options">Settings; the defaults when null.</param>
    /// <exception cref="PlatformNotSupportedException">The host is not x86-64 Linux.</exception>
    public SystemBaseline(GuestLifter lifter, EngineOptions? options = null)
        : this(lifter, options, HostFeatures.Detected)
    {
    }

    /// <summary>An engine that emits only such instructions as these features allow.</summary>
    internal SystemBaseline(GuestLifter lifter, EngineOptions? options, HostFeatures features)
        : base(IsaOf(lifter), WithinReach(options ?? EngineOptions.Default))
    {
        if (!IsSupported)
            throw new PlatformNotSupportedException($"The baseline compiler is for x86-64 Linux, and this is {RuntimeInformation.RuntimeIdentifier}.");
        _lifter = lifter;
        _features = features;
    }

    /// <summary>Whether the host can run it.</summary>
    public static bool IsSupported => HostFeatures.IsX64Linux;

    /// <inheritdoc/>
    public override string Name => "baseline";

    /// <inheritdoc/>
    public override void UseHypercalls(HypercallTable table)
    {
        base.UseHypercalls(table);
        _calls?.Dispose();
        _calls = new HypercallPatcher(table, Gate, _regions, CodeMapping.Automatic, Options.CountsHypercalls);
        table.Attach(_calls);
    }

    /// <inheritdoc/>
    private protected override void NoteCall(SystemContext context, HypercallCell* cell) => _calls!.Note(context.State, cell);

    /// <inheritdoc/>
    private protected override int Threshold => Options.CompileThreshold ?? DefaultThreshold;

    /// <inheritdoc/>
    private protected override void Execute(HartHeader* state, void* entry) =>
        ((delegate* unmanaged<HartHeader*, void*, void>)Volatile.Read(ref _enter))(state, entry);

    /// <inheritdoc/>
    private protected override bool TryCompile(SystemContext context, SystemBlock block)
    {
        if (block.Entry != null)
            return true;
        var started = Options.MeasuresTime ? Stopwatch.GetTimestamp() : 0;
        var region = _region ?? BeginRegion(context.State->Extensions);
        var traces = context.TraceDecoder;
        if (block.Tail == 0 && traces.TryExtend(block))
            Cache.Extend(block, traces);
        block.Incoming = (BaselineLink*)Cache.Arena.Allocate(sizeof(BaselineLink));
        BaselineLink.Initialize(block.Incoming, block.Start, null);
        region.Extensions = context.System.Extensions;
        var before = region.UsedBytes;
        if (!region.TryCompile(block, Cache.Arena, ulong.MaxValue))
            throw new InvalidOperationException("The code region is smaller than the cache's budget.");
        Cache.Charge(region.UsedBytes - before);
        Options.CodeListener?.BlockAdded(Name, block.Start, block.Entry, block.CodeLength);
        _blocks++;
        _blockInstructions += block.TraceLength;
        if (started != 0)
            _compileTicks += Stopwatch.GetTimestamp() - started;
        return true;
    }

    /// <inheritdoc/>
    private protected override void Resolve(void* link, SystemBlock block)
    {
        BaselineLink.Join((BaselineLink*)link, block.Incoming);
        _region!.Patch((BaselineLink*)link, block.Entry);
    }

    /// <inheritdoc/>
    private protected override void Unlink(SystemBlock block)
    {
        if (block.Entry == null)
            return;
        while (block.Incoming->Next != block.Incoming)
            Reset(block.Incoming->Next);
        for (var link = block.Outgoing; link != null; link = link->Sibling)
            Reset(link);
    }

    /// <inheritdoc/>
    private protected override void UnlinkAll()
    {
        if (_region is not { } region)
            return;
        _region = null;
        DisposeLater(new Retirement(this, region));
    }

    /// <inheritdoc/>
    private protected override TierStatistics? Describe(TierCounters compiled) => compiled.Describe(Name) with
    {
        Blocks = _blocks,
        BlockInstructions = _blockInstructions,
        Bytes = Cache.Charged,
        TranslationTime = Stopwatch.GetElapsedTime(0, _compileTicks),
    };

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

    private CodeRegion BeginRegion(ExtensionSet extensions)
    {
        var bytes = (int)Math.Min(LargestRegion, Options.CacheBytes + RegionSlack + 4095 & ~4095L);
        _region = new CodeRegion(
            _lifter, extensions, bytes, CodeMapping.Automatic, _features, trusted: false, Counts, Options.SharesMemory, &StepCurrent, system: true, _calls?.Settings);
        _regions.Add(_region);
        Volatile.Write(ref _enter, (nint)_region.Enter);
        if (Options.CodeListener is { } listener)
            _region.Stubs.Announce(listener, Name);
        return _region;
    }

    private void Reset(BaselineLink* link)
    {
        BaselineLink.Leave(link);
        _region!.Patch(link, link->Unresolved);
    }

    // The state is complete. Nothing that goes wrong may leave this method: there are frames of no managed code below it.
    [UnmanagedCallersOnly]
    private static int StepCurrent(HartHeader* state)
    {
        try
        {
            state->Pc = state->Current->Pc;
            var hart = Hart.FromState(state);
            var context = Unsafe.As<SystemContext>(hart.EngineData!);
            var before = Volatile.Read(ref context.Header->Attention);
            if (!hart.Isa.Step(state, state->Current->Instruction))
                return 0;
            var engine = Unsafe.As<SystemBaseline>(context.Engine);
            engine.CountHandedOver(context);
            if (before == 0 && Volatile.Read(ref context.Header->Attention) == (int)SystemAttention.StateChanged)
                engine.AttendInPlace(context);
            // The count is wanted from now on.
            if (state->CountIsRead != 0 && !context.Counts)
                SystemAccess.Request(context.Header, SystemAttention.Requested);
            return 1;
        }
        catch (Exception)
        {
            // The engine executes the instruction once more, where it can say what is wrong.
            return 0;
        }
    }

    // Frees a region when nobody is in it any more.
    private sealed class Retirement(SystemBaseline engine, CodeRegion region) : IDisposable
    {
        public void Dispose()
        {
            engine._regions.Remove(region);
            region.Dispose();
        }
    }
}
