using Dbt.Isa;
using Dbt.Translator;
using Dbt.Translator.Engines;

namespace Dbt.Lab.Profiling;

/// <summary>
/// Another engine that is interrupted after random numbers of guest instructions to see where the guest is. As the budget of a run is exact,
/// each instruction that is executed is as likely to be seen as any other, whoever executes it.
/// </summary>
/// <param name="inner">Does the work. Disposed with this one.</param>
/// <param name="seed">Of the random numbers: the same program gives the same samples.</param>
internal sealed unsafe class SamplingEngine(IEngine inner, int seed = 1) : IEngine
{
    // Close together at first, so that short programs are seen at all; a sample stands for the instructions since the last one.
    private const int ShortestInterval = 200;
    private const int LongestInterval = 50_000;
    private const int SamplesBeforeDoubling = 2048;

    // Steps after a sample at most, and the farthest that an instruction is from the one before it when that was no jump.
    private const int MostSteps = 64;
    private const ulong LongestInstruction = 4;

    private readonly Random _random = new(seed);
    private readonly Dictionary<ulong, long> _weights = [];
    private int _mean = ShortestInterval;
    private int _samplesOfMean;
    private long _interval = ShortestInterval;
    private long _left = ShortestInterval;

    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public EngineStatistics Statistics => inner.Statistics;

    /// <summary>By guest address, estimates of how often the instruction there was executed.</summary>
    public IReadOnlyDictionary<ulong, long> Weights => _weights;

    /// <summary>How many samples were taken.</summary>
    public long Samples { get; private set; }

    /// <summary>
    /// Called after samples, when the guest has come to the target of a jump, with the number of instructions that the sample stands for. The hart's state is
    /// exact, and nothing of the guest runs. Null for nobody.
    /// </summary>
    public Action<Hart, long>? Arrived { get; set; }

    /// <inheritdoc/>
    public void ShareMemory() => inner.ShareMemory();

    /// <inheritdoc/>
    public ExitReason Run(Hart hart, long budget)
    {
        ArgumentNullException.ThrowIfNull(hart);
        while (budget > 0)
        {
            var step = Math.Min(budget, _left);
            var before = InstructionsOf(hart);
            var reason = inner.Run(hart, step);
            var executed = InstructionsOf(hart) - before;
            _left -= executed;
            budget -= executed;
            // Fewer than that: somebody asked it to stop.
            if (reason != ExitReason.Budget || executed < step)
                return reason;
            if (_left > 0)
                continue;
            var weight = _interval;
            Sample(hart);
            reason = StepToJump(hart, weight, ref budget);
            if (reason != ExitReason.None)
                return reason;
        }
        return ExitReason.Budget;
    }

    // Goes on where a jump leads. Otherwise the engine would make translations that start in the middle of others, which no guest asked for.
    private ExitReason StepToJump(Hart hart, long weight, ref long budget)
    {
        for (var steps = 0; steps < MostSteps && budget > 0; steps++)
        {
            var (before, pc) = (InstructionsOf(hart), hart.State->Pc);
            var reason = inner.Run(hart, 1);
            budget -= InstructionsOf(hart) - before;
            if (reason != ExitReason.Budget || InstructionsOf(hart) == before)
                return reason;
            if (hart.State->Pc - pc > LongestInstruction)
            {
                Arrived?.Invoke(hart, weight);
                break;
            }
        }
        return ExitReason.None;
    }

    /// <inheritdoc/>
    public void Invalidate(ulong start, ulong length) => inner.Invalidate(start, length);

    /// <inheritdoc/>
    public void InvalidateChanged() => inner.InvalidateChanged();

    /// <inheritdoc/>
    public void RequirePreciseFaults() => inner.RequirePreciseFaults();

    /// <inheritdoc/>
    public void Dispose() => inner.Dispose();

    private static long InstructionsOf(Hart hart) => hart.State->RetiredBase - hart.State->Budget;

    private void Sample(Hart hart)
    {
        Samples++;
        var pc = hart.State->Pc;
        _weights[pc] = _weights.GetValueOrDefault(pc) + _interval;
        if (++_samplesOfMean == SamplesBeforeDoubling && _mean < LongestInterval)
        {
            _samplesOfMean = 0;
            _mean *= 2;
        }
        _left = _interval = _random.Next(_mean / 2, _mean + _mean / 2);
    }
}
