using Dbt.Translator.HostCode.X64;

namespace Dbt.Translator.Baseline;

// Jumps forward to a place in the same block: two ways come together there, and what is known behind it is what both know.
internal sealed unsafe partial class X64BlockCompiler
{
    // Those that were met so far, in the order of their jumps; the objects are used again.
    private readonly List<Join> _joins = [];
    private int _joinCount;

    /// <summary>What was true where a jump left for its target.</summary>
    private sealed class Join
    {
        public readonly int[] Drift = new int[X64RegisterMap.MaximumRegisters];
        public readonly int[] Copies = new int[ScratchNumbers];
        public X64Label Label;
        public ulong Target;
        public uint Checked;
        public uint Walked;
        public uint Extended;

        /// <summary>General-purpose registers that were written since.</summary>
        public uint Written;
    }

    // The place of a guest instruction behind this one; -1 when the block does not have it.
    private int Ahead(ulong target)
    {
        for (var i = _index + 1; i < _block.TraceLength; i++)
            if (_block.Trace[1 + i].Pc >= target)
                return _block.Trace[1 + i].Pc == target ? i : -1;
        return -1;
    }

    // Nothing is pending.
    private void JumpAhead(ulong target, X64Condition condition)
    {
        if (_joinCount == _joins.Count)
            _joins.Add(new());
        var join = _joins[_joinCount++];
        join.Label = default;
        (join.Target, join.Checked, join.Walked, join.Extended, join.Written) = (target, _checked, _walked, _extended, 0);
        _drift.CopyTo(join.Drift, 0);
        _copies.CopyTo(join.Copies, 0);
        if (!_counts)
        {
            _asm.Jcc(condition, ref join.Label);
            return;
        }
        ref var skip = ref AddCold(ColdKind.Skip);
        skip.Target = target;
        _asm.Jcc(condition, ref skip.Label);
    }

    // The skipped instructions were taken off the budget.
    private void EmitSkip(in Cold skip)
    {
        var skipped = 0;
        while (_block.Trace[1 + skip.Index + 1 + skipped].Pc != skip.Target)
            skipped++;
        _asm.Add(X64Size.Qword, _map.Field(X64RegisterMap.Budget), skipped);
        for (var i = 0; i < _joinCount; i++)
            if (_joins[i].Target == skip.Target)
            {
                _asm.Jmp(ref _joins[i].Label);
                return;
            }
    }

    // In front of the instruction at a guest address. False when no way leads there or behind it.
    private bool BindJoins(ulong pc)
    {
        var isAwaited = false;
        for (var i = 0; i < _joinCount; i++)
        {
            var join = _joins[i];
            isAwaited |= join.Target >= pc;
            if (join.Target != pc)
                continue;
            FlushPending();
            _asm.Bind(ref join.Label);
            _flagsAt = -1;
            _toTop = default;
            Merge(join);
        }
        if (!_ended)
            return true;
        // What is skipped is compiled although nobody comes there: that is seldom.
        _ended = !isAwaited;
        ForgetFacts();
        return isAwaited;
    }

    private void Merge(Join join)
    {
        // A register that was not written since is as it was there, whatever was learned of it.
        var same = 0u;
        for (var register = 0; register < _drift.Length; register++)
            if (_drift[register] == join.Drift[register])
                same |= 1u << register;
        _checked = join.Checked & (~join.Written | _checked & same);
        _walked &= join.Walked;
        _extended &= join.Extended;
        for (var register = 0; register < _drift.Length; register++)
            if ((_checked >> register & 1) != 0)
                _drift[register] = join.Drift[register];
        for (var i = 0; i < _copies.Length; i++)
            if (_copies[i] != join.Copies[i])
                _copies[i] = -1;
        ForgetFloatFacts();
    }

    private void NoteWritten(uint registers)
    {
        _written |= registers;
        NoteWrittenSinceJumps(registers);
    }

    private void NoteWrittenSinceJumps(uint registers)
    {
        for (var i = 0; i < _joinCount; i++)
            _joins[i].Written |= registers;
    }
}
