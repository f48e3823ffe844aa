using System.Numerics;
using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Snapshots;

namespace Dbt.Runtime.Machine.Interrupts.Riscv;

/// <summary>
/// The platform-level interrupt controller (RISC-V Platform-Level Interrupt Controller Specification 1.0): level-triggered sources with
/// priorities, and for each hart a context for M mode (2 × hart) and one for S mode (2 × hart + 1).
/// </summary>
internal sealed class Plic : IMmioDevice, ISnapshotable
{
    /// <summary>Bytes of registers.</summary>
    public const ulong Length = 0x60_0000;

    /// <summary>The highest priority; 0 never interrupts.</summary>
    public const uint MaxPriority = 7;

    private const ulong PendingStart = 0x1000, EnableStart = 0x2000, EnableStride = 0x80, ContextStart = 0x20_0000, ContextStride = 0x1000;
    private const int WordsPerContext = 32;

    private readonly Lock _lock = new();
    private readonly IReadOnlyList<IInterruptTarget> _harts;
    private readonly int _sources;
    private readonly uint[] _priority, _threshold;
    private readonly uint[] _level = new uint[WordsPerContext], _pending = new uint[WordsPerContext], _claimed = new uint[WordsPerContext];
    private readonly uint[][] _enabled;
    private readonly bool[] _driven;

    /// <summary>A controller with nothing pending, enabled or of a priority.</summary>
    /// <param name="harts">Those it interrupts.</param>
    /// <param name="sources">How many sources there are, numbered from 1; at most 1023.</param>
    public Plic(IReadOnlyList<IInterruptTarget> harts, int sources)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sources, WordsPerContext * 32 - 1);
        _harts = harts;
        _sources = sources;
        _priority = new uint[sources + 1];
        var contexts = harts.Count * 2;
        _threshold = new uint[contexts];
        _driven = new bool[contexts];
        _enabled = new uint[contexts][];
        for (var i = 0; i < contexts; i++)
            _enabled[i] = new uint[WordsPerContext];
    }

    /// <summary>The wire into a source.</summary>
    public IInterruptLine Line(int source)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(source, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(source, _sources);
        return new SourceLine(this, source);
    }

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        if (size != 4)
            return 0;
        lock (_lock)
        {
            if (offset < PendingStart)
                return offset / 4 <= (ulong)_sources ? _priority[offset / 4] : 0;
            if (offset < EnableStart)
                return (offset - PendingStart) / 4 is var word && word < WordsPerContext ? _pending[word] : 0;
            if (offset < ContextStart)
                return TryEnableWord(offset, out var enabling, out var index) ? _enabled[enabling][index] : 0;
            var context = (int)((offset - ContextStart) / ContextStride);
            if (context >= _threshold.Length)
                return 0;
            return (offset % ContextStride) switch
            {
                0 => _threshold[context],
                4 => Claim(context),
                _ => 0,
            };
        }
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        if (size != 4)
            return;
        lock (_lock)
        {
            if (offset < PendingStart)
            {
                if (offset / 4 is > 0 and var source && source <= (ulong)_sources)
                    _priority[source] = (uint)value & MaxPriority;
            }
            else if (offset is >= EnableStart and < ContextStart)
            {
                if (TryEnableWord(offset, out var enabling, out var index))
                    _enabled[enabling][index] = (uint)value & Existing(index);
            }
            else if (offset >= ContextStart)
            {
                var context = (int)((offset - ContextStart) / ContextStride);
                if (context >= _threshold.Length)
                    return;
                if (offset % ContextStride == 0)
                    _threshold[context] = (uint)value & MaxPriority;
                else if (offset % ContextStride == 4)
                    Complete(context, value);
            }
            Drive();
        }
    }

    /// <inheritdoc/>
    public string SnapshotName => "plic";

    /// <inheritdoc/>
    public int SnapshotVersion => 1;

    /// <summary>Writes the state, but for the wires' levels: those who drive them do so again.</summary>
    public void Save(SnapshotWriter writer)
    {
        lock (_lock)
        {
            foreach (var numbers in (uint[][])[_priority, _threshold, _pending, _claimed, .. _enabled])
                writer.Write(numbers);
        }
    }

    /// <inheritdoc/>
    public void Load(SnapshotReader reader, int version)
    {
        lock (_lock)
        {
            foreach (var numbers in (uint[][])[_priority, _threshold, _pending, _claimed, .. _enabled])
                reader.Read(numbers);
            Drive();
        }
    }

    private static bool Has(uint[] set, int source) => (set[source / 32] & 1u << source % 32) != 0;

    private static void Put(uint[] set, int source, bool value)
    {
        var bit = 1u << source % 32;
        set[source / 32] = value ? set[source / 32] | bit : set[source / 32] & ~bit;
    }

    private void SetLevel(int source, bool level)
    {
        lock (_lock)
        {
            if (Has(_level, source) == level)
                return;
            Put(_level, source, level);
            // The gateway passes one request on, and the next one when that has been completed.
            if (!level || Has(_claimed, source))
                return;
            Put(_pending, source, true);
            Drive();
        }
    }

    private uint Claim(int context)
    {
        // The threshold decides what interrupts, not what is claimed.
        var source = Best(context, 0);
        if (source == 0)
            return 0;
        Put(_pending, source, false);
        Put(_claimed, source, true);
        Drive();
        return (uint)source;
    }

    private void Complete(int context, ulong value)
    {
        if (value == 0 || value > (ulong)_sources || !Has(_enabled[context], (int)value) || !Has(_claimed, (int)value))
            return;
        Put(_claimed, (int)value, false);
        if (Has(_level, (int)value))
            Put(_pending, (int)value, true);
    }

    // The pending and enabled source of the highest priority above a threshold; of several the one with the lowest number; 0 for none.
    private int Best(int context, uint threshold)
    {
        var best = 0;
        var enabled = _enabled[context];
        for (var word = 0; word <= _sources / 32; word++)
        {
            for (var set = _pending[word] & enabled[word]; set != 0; set &= set - 1)
            {
                var source = word * 32 + BitOperations.TrailingZeroCount(set);
                if (_priority[source] > threshold)
                    (best, threshold) = (source, _priority[source]);
            }
        }
        return best;
    }

    private void Drive()
    {
        for (var context = 0; context < _driven.Length; context++)
        {
            var interrupts = Best(context, _threshold[context]) != 0;
            if (_driven[context] == interrupts)
                continue;
            _driven[context] = interrupts;
            _harts[context / 2].SetPending(context % 2 == 0 ? InterruptInput.MachineExternal : InterruptInput.SupervisorExternal, interrupts);
        }
    }

    private bool TryEnableWord(ulong offset, out int context, out int word)
    {
        context = (int)((offset - EnableStart) / EnableStride);
        word = (int)(offset % EnableStride / 4);
        return context < _threshold.Length;
    }

    // Source 0 does not exist, nor do those behind the last one.
    private uint Existing(int word)
    {
        var bits = uint.MaxValue;
        if (word == 0)
            bits &= ~1u;
        var behind = _sources + 1 - word * 32;
        return behind >= 32 ? bits : behind <= 0 ? 0 : bits & (1u << behind) - 1;
    }

    private sealed class SourceLine(Plic plic, int source) : IInterruptLine
    {
        public void Set(bool level) => plic.SetLevel(source, level);
    }
}
