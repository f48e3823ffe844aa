using System.Diagnostics;
using System.Runtime.InteropServices;
using Dbt.Isa;
using Dbt.Translator.Engines;
using Dbt.Translator.Semantics;

namespace Dbt.Translator.Il.Regions;

/// <summary>
/// Compiles the regions around addresses where slices end, on a thread of its own, and lets harts take them. See
/// translator/notes/0005-regions.md.
/// </summary>
/// <param name="lifter">The guest's semantics.</param>
/// <param name="atOnce">Compiles every place that is reached, at its first sight and on the hart's thread: for tests.</param>
internal sealed unsafe class RegionTier(GuestLifter lifter, bool atOnce) : UpperTier
{
    // Machine code, its unwind and GC information, the DynamicMethod and its resolver.
    private const int MethodBytes = 6000;
    private const int InstructionBytes = 60;

    // Slices that must end at a place before it is worth a region.
    private const int HotSamples = 2;

    // Of so many ways out of regions, one is a sample.
    private const int ExitsPerSample = 64;

    // A region that is left again sooner, on average over so many times, gains less than coming and going costs.
    private const uint EntriesPerCheck = 4096;
    private static readonly long s_shortestStay = Stopwatch.Frequency / 500_000;

    // Compiling may take a tenth of the time since the start, and this much more.
    private const double CompileShare = 0.1;
    private static readonly TimeSpan s_compileCredit = TimeSpan.FromMilliseconds(25);

    // How often harts that do not end slices are asked where they are.
    private static readonly TimeSpan s_samplePeriod = TimeSpan.FromMilliseconds(1);

    private readonly Dictionary<ulong, nint> _ways = [];
    private readonly Dictionary<ulong, List<nint>> _links = [];
    private readonly HashSet<CompiledRegion> _regions = [];
    private readonly HashSet<ulong> _declined = [];
    private readonly HashSet<ulong> _covered = [];
    private readonly HashSet<ulong> _failed = [];
    private readonly List<string> _remarks = [];
    private readonly RegionQueue _queue = new();
    private readonly long _started = Stopwatch.GetTimestamp();
    private Thread? _worker;
    private ulong _limit;
    private bool _retired;

    // Not exact when several harts count.
    private int _exits;
    private long _made;
    private long _madeInstructions;
    private TimeSpan _compileTime;

    /// <inheritdoc/>
    public override string Name => "region";

    private static void* Stub => (delegate*<HartHeader*, byte*, ulong, RegionWay*, void>)&LeaveThroughWay;

    /// <inheritdoc/>
    public override bool Owns(HartContext context, ulong pc)
    {
        if (_ways.ContainsKey(pc))
            return true;
        if (!atOnce || _retired || !_declined.Add(pc))
            return false;
        _limit = context.State->MemoryLimit;
        if (NewCompiler().Compile(pc, NewLink) is { } region)
            Publish(region);
        return _ways.ContainsKey(pc);
    }

    /// <inheritdoc/>
    public override void Introduce(HartContext context, ulong pc) =>
        (context.UpperEntries ??= new Cache.JumpCache()).Add(pc, (void*)_ways[pc]);

    /// <inheritdoc/>
    public override void Enter(HartContext context, void* entry)
    {
        var state = context.State;
        var way = (RegionWay*)entry;
        state->JumpCache = context.UpperEntries!.Entries;
        try
        {
            ((delegate*<HartHeader*, byte*, ulong, RegionWay*, void>)way->Code)(state, state->Memory, state->MemoryLimit, way);
        }
        catch (NullReferenceException) when (state->HostFault != null && state->HostFault->Signal != 0)
        {
            ReportFault(state, way);
        }
        finally
        {
            state->JumpCache = context.JumpCache.Entries;
        }
        if (++way->Entries % EntriesPerCheck == 0)
            CheckStays(way);
        if (state->Exit == ExitReason.TranslationMiss && ++_exits % ExitsPerSample == 0)
            Sample(context);
    }

    /// <inheritdoc/>
    public override void Sample(HartContext context)
    {
        if (!atOnce && !_retired)
            _queue.Add(context.State->Pc);
    }

    /// <inheritdoc/>
    public override void Start(HartContext context)
    {
        if (atOnce || _worker != null || _retired)
            return;
        _limit = context.State->MemoryLimit;
        _worker = new Thread(Work) { IsBackground = true, Name = "region compiler", Priority = ThreadPriority.BelowNormal };
        _worker.Start();
    }

    /// <inheritdoc/>
    public override bool Drop(ulong start, ulong length)
    {
        if (length == 0)
            return false;
        var last = length - 1 > ulong.MaxValue - start ? ulong.MaxValue : start + (length - 1);
        return Drop(region => region.Source.Any(range => range.Overlaps(start, last)));
    }

    /// <inheritdoc/>
    public override bool DropChanged(IGuestCode code) =>
        Drop(region => region.Source.Any(range => range.MayChange(code) && !range.IsCurrent(code)));

    /// <inheritdoc/>
    public override void DropAll() => Drop(_ => true);

    /// <inheritdoc/>
    public override void Retire()
    {
        _retired = true;
        DropAll();
        _queue.Close();
    }

    /// <inheritdoc/>
    public override TierStatistics Describe(TierCounters counters) => counters.Describe(Name) with
    {
        Blocks = _made,
        BlockInstructions = _madeInstructions,
        Bytes = _regions.Sum(region => (long)MethodBytes + region.InstructionCount * InstructionBytes),
        TranslationTime = _compileTime,
        Remarks = [.. _remarks],
    };

    /// <inheritdoc/>
    public override void Dispose()
    {
        lock (Host.Gate)
            _retired = true;
        _queue.Close();
        _worker?.Join();
        lock (Host.Gate)
            DropAll();
    }

    private void CheckStays(RegionWay* way)
    {
        var now = Stopwatch.GetTimestamp();
        var stay = (now - way->Checked) / EntriesPerCheck;
        var first = way->Checked == 0;
        way->Checked = now;
        if (first || stay >= s_shortestStay)
            return;
        var target = way->Target;
        lock (Host.Gate)
        {
            var failed = _regions.FirstOrDefault(region => region.Ways.Contains((nint)way));
            if (failed == null)
                return;
            _failed.UnionWith(failed.Instructions);
            _remarks.Add($"{target:x}: dropped, since it was left again after {stay * 1e9 / Stopwatch.Frequency:f0} ns on average");
            Drop(region => region == failed);
            Host.CountDrop();
        }
    }

    // Where ways out lead.
    private static void LeaveThroughWay(HartHeader* state, byte* memory, ulong limit, RegionWay* way)
    {
        state->Pc = way->Target;
        state->Exit = ExitReason.TranslationMiss;
    }

    // The hart's registers are lost; what failed is known, and the region where.
    private static void ReportFault(HartHeader* state, RegionWay* way)
    {
        var fault = state->HostFault;
        state->Pc = way->Target;
        state->Current = null;
        state->FaultAddress = fault->Address - (ulong)state->Memory;
        state->FaultAccess = fault->IsWrite != 0 ? AccessKind.Write : AccessKind.Read;
        state->FaultSignal = (int)fault->Signal;
        state->Exit = ExitReason.MemoryFault;
        fault->Signal = 0;
    }

    private static nint NewLink(ulong target)
    {
        var link = (RegionLink*)NativeMemory.Alloc((nuint)sizeof(RegionLink));
        link->Out = new RegionWay { Code = Stub, Target = target };
        link->Way = &link->Out;
        return (nint)link;
    }

    private RegionCompiler NewCompiler() => new(lifter, Host.Extensions, Host.Code, _limit, Host.Options.TrustsGuest, Host.Counts);

    private void Work()
    {
        for (; ; )
        {
            ulong pc;
            while (!_queue.TryTake(HotSamples, s_samplePeriod, out pc))
            {
                if (_queue.IsClosed)
                    return;
                Host.RequestSamples();
            }
            var credit = Stopwatch.GetElapsedTime(_started) * CompileShare + s_compileCredit;
            while (_compileTime > credit && !_queue.IsClosed)
            {
                Thread.Sleep(5);
                credit = Stopwatch.GetElapsedTime(_started) * CompileShare + s_compileCredit;
            }
            RegionCompiler compiler;
            lock (Host.Gate)
            {
                if (_retired || _covered.Contains(pc) || _failed.Contains(pc) || !_declined.Add(pc))
                    continue;
                compiler = NewCompiler();
            }
            var started = Stopwatch.GetTimestamp();
            var region = compiler.Compile(pc, NewLink);
            _compileTime += Stopwatch.GetElapsedTime(started);
            if (region == null)
                continue;
            lock (Host.Gate)
                Publish(region);
        }
    }

    // Under the gate.
    private void Publish(CompiledRegion region)
    {
        var entries = new List<ulong>();
        foreach (var entry in region.Entries)
            if (!_ways.ContainsKey(entry))
                entries.Add(entry);
        if (_retired || region.Counts != Host.Counts || entries.Count == 0 || !region.Source.All(range => range.IsCurrent(Host.Code)) || !Host.Publish(entries))
        {
            new Memory([region]).Dispose();
            return;
        }
        _made++;
        _madeInstructions += region.InstructionCount;
        _regions.Add(region);
        _covered.UnionWith(region.Instructions);
        foreach (var link in region.Links)
        {
            var target = ((RegionLink*)link)->Out.Target;
            if (!_links.TryGetValue(target, out var links))
                _links.Add(target, links = []);
            links.Add(link);
            if (_ways.TryGetValue(target, out var known))
                ((RegionLink*)link)->Way = (RegionWay*)known;
        }
        var ways = new List<nint>();
        for (var i = 0; i < region.Entries.Length; i++)
        {
            var pc = region.Entries[i];
            if (_ways.ContainsKey(pc))
                continue;
            var way = (RegionWay*)NativeMemory.Alloc((nuint)sizeof(RegionWay));
            *way = new RegionWay { Code = region.Code, Target = pc, Index = i };
            ways.Add((nint)way);
            _ways.Add(pc, (nint)way);
            if (_links.TryGetValue(pc, out var links))
                foreach (var link in links)
                    Volatile.Write(ref *(nint*)&((RegionLink*)link)->Way, (nint)way);
        }
        region.Ways = [.. ways];
    }

    // Under the gate.
    private bool Drop(Func<CompiledRegion, bool> chosen)
    {
        var dropped = _regions.Where(chosen).ToList();
        if (dropped.Count == 0)
            return false;
        foreach (var region in dropped)
        {
            _regions.Remove(region);
            foreach (var address in region.Ways)
            {
                var target = ((RegionWay*)address)->Target;
                _ways.Remove(target);
                _declined.Remove(target);
                if (_links.TryGetValue(target, out var links))
                    foreach (var link in links)
                        Volatile.Write(ref *(nint*)&((RegionLink*)link)->Way, (nint)(&((RegionLink*)link)->Out));
            }
            foreach (var link in region.Links)
                _links[((RegionLink*)link)->Out.Target].Remove(link);
        }
        _covered.Clear();
        foreach (var region in _regions)
            _covered.UnionWith(region.Instructions);
        Host.DisposeLater(new Memory(dropped));
        return true;
    }

    // What regions own, to be freed when no hart can be in them.
    private sealed class Memory(IReadOnlyList<CompiledRegion> regions) : IDisposable
    {
        private IReadOnlyList<CompiledRegion> _regions = regions;

        public void Dispose()
        {
            foreach (var region in _regions)
            {
                foreach (var way in region.Ways)
                    NativeMemory.Free((void*)way);
                foreach (var link in region.Links)
                    NativeMemory.Free((void*)link);
            }
            _regions = [];
        }
    }
}
