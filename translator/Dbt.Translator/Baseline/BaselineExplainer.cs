using System.Diagnostics;
using Dbt.Isa;
using Dbt.Translator.Cache;
using Dbt.Translator.Engines;
using Dbt.Translator.Explaining;
using Dbt.Translator.HostCode;
using Dbt.Translator.Hypercalls;
using Dbt.Translator.Semantics;

namespace Dbt.Translator.Baseline;

/// <summary>Compiles blocks as the <see cref="BaselineEngine"/> does, to be read and not to be run.</summary>
public sealed unsafe class BaselineExplainer : IBlockExplainer
{
    // Of as many runs the shortest is the compile time: the first ones are the runtime's, which compiles the compiler.
    private const int Runs = 16;

    private const int RegionBytes = 1 << 20;

    // The end of the window that user programs get.
    private const ulong Limit = 1UL << 40;

    private readonly GuestLifter _lifter;
    private readonly ExtensionSet _extensions;
    private readonly HostFeatures _features;
    private readonly EngineOptions _options;
    private readonly BlockDecoder _decoder;

    /// <summary>Explains what this host would execute.</summary>
    /// <param name="lifter">The guest's semantics.</param>
    /// <param name="extensions">Extensions that are on.</param>
    /// <param name="code">Where instructions come from.</param>
    /// <param name="options">Settings; the defaults when null.</param>
    /// <exception cref="PlatformNotSupportedException">The host is not x86-64 Linux.</exception>
    public BaselineExplainer(GuestLifter lifter, ExtensionSet extensions, IGuestCode code, EngineOptions? options = null)
        : this(lifter, extensions, code, options, HostFeatures.Detected)
    {
    }

    /// <summary>Explains what a host with these features would execute.</summary>
    internal BaselineExplainer(GuestLifter lifter, ExtensionSet extensions, IGuestCode code, EngineOptions? options, HostFeatures features)
    {
        ArgumentNullException.ThrowIfNull(lifter);
        if (!BaselineEngine.IsSupported)
            throw new PlatformNotSupportedException("The baseline compiler is for x86-64 Linux.");
        _lifter = lifter;
        _features = features;
        _options = options ?? EngineOptions.Default;
        _extensions = extensions;
        _decoder = new BlockDecoder(lifter.Isa, extensions, code, _options.MaximumBlockLength, BaselineEngine.BranchesInTrace);
    }

    /// <summary>What becomes of the guest's calls; null when they are the interpreter's. It outlives this.</summary>
    public HypercallTable? Hypercalls { get; init; }

    private HypercallSettings? Calls => Hypercalls == null ? null : new HypercallSettings(Hypercalls, _options.CountsHypercalls);

    /// <inheritdoc/>
    public BlockExplanation? Explain(ulong pc)
    {
        if (_decoder.TryDecode(pc) != ExitReason.None)
            return null;
        using var arena = new Arena();
        // Nobody runs it, so nobody is called.
        using var region = new CodeRegion(_lifter, _extensions, RegionBytes, CodeMapping.Automatic, _features, _options.TrustsGuest, _options.CountsInstructions, _options.SharesMemory, null, calls: Calls) { Notes = new CodeNotes() };
        var block = Compile(region, arena, out var time);
        var parts = region.Notes.Take((ulong)block.Entry, block.CodeLength);
        region.Notes = null;
        var patches = PatchesOf(region, block);
        for (var run = 1; run < Runs; run++)
        {
            _ = Compile(region, arena, out var again);
            time = again < time ? again : time;
        }
        return new BlockExplanation(
            pc, block.TraceInstructions.ToArray(), block.SourceBytes.ToArray(), (ulong)block.Entry, new ReadOnlySpan<byte>(block.Entry, block.CodeLength).ToArray())
        {
            Parts = parts,
            PatchPoints = PatchPointsOf(block),
            Patches = patches,
            Names = NamesOf(region, block),
            CompileTime = time,
        };
    }

    private BaselineBlock Compile(CodeRegion region, Arena arena, out TimeSpan time)
    {
        var started = Stopwatch.GetTimestamp();
        var block = new BaselineBlock();
        block.Fill(_decoder, arena);
        if (!region.TryCompile(block, arena, Limit))
            throw new InvalidOperationException("The region is too small for a block.");
        time = Stopwatch.GetElapsedTime(started);
        return block;
    }

    private static List<PatchPoint> PatchPointsOf(BaselineBlock block)
    {
        var points = new List<PatchPoint>();
        for (var link = block.Outgoing; link != null; link = link->Sibling)
            points.Add(new((int)(link->Displacement - block.Entry), link->Target, (int)(link->Unresolved - block.Entry)));
        points.Reverse();
        return points;
    }

    // What the slots of sites hold, in the order in which they come.
    private List<CodePatch> PatchesOf(CodeRegion region, BaselineBlock block)
    {
        var patches = new List<CodePatch>();
        foreach (HypercallSite* site in region.HypercallSites.Sites)
        {
            Add(site, "at first: leaves", HypercallSlot.Jump(site->Slot, site->Exit));
            Add(site, site->IsProvable ? "hot, to be called: calls its handler" : "hot: looks which call it is, and calls its handler", HypercallSlot.Jump(site->Slot, site->Lookup));
            if (!site->IsProvable)
                continue;
            var action = Hypercalls!.ActionOf(site->Entry0->Action);
            var slot = site->Body != null ? HypercallSlot.Nop : HypercallSlot.For(action, region.Map);
            if (slot != 0)
                Add(site, site->Body != null ? "hot, inlined: goes on into the handler behind it" : "hot, inlined: is the handler", slot);
        }
        return patches;

        void Add(HypercallSite* site, string state, ulong slot) =>
            patches.Add(new((int)(site->Slot - block.Entry), (int)(site->Instruction - block.Trace - 1), state, BitConverter.GetBytes(slot)));
    }

    private HostNames NamesOf(CodeRegion region, BaselineBlock block)
    {
        var addresses = new Dictionary<ulong, string>(region.Stubs.Names.Concat(region.Stubs.Tables.Names));
        for (var i = 0; i < block.TraceLength; i++)
            addresses[(ulong)(block.Trace + 1 + i)] = $"instruction_{block.Trace[1 + i].Pc:x}";
        for (var link = block.Outgoing; link != null; link = link->Sibling)
            addresses[(ulong)link] = $"link_{link->Target:x}";
        return region.Map.Names(_lifter.Isa) with { Addresses = addresses };
    }
}
