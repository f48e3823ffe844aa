namespace Dbt.Fuzz.Programs;

/// <summary>What a program finds: registers, fcsr and its memory.</summary>
internal sealed class StartState
{
    public ulong[] Integers { get; } = new ulong[32];

    public ulong[] Floats { get; } = new ulong[32];

    /// <summary>Rounding mode and accrued exceptions.</summary>
    public uint Fcsr { get; set; }

    /// <summary>2 * <see cref="Layout.Reach"/> bytes.</summary>
    public byte[] Memory { get; } = new byte[2 * Layout.Reach];

    public static StartState Create(RandomSource random)
    {
        var state = new StartState();
        for (var i = 1; i < 32; i++)
            state.Integers[i] = Values.Integer(random);
        for (var i = 0; i < 32; i++)
            state.Floats[i] = Values.Float(random);
        // Mostly the usual rounding mode, since engines leave the others to slower code.
        state.Fcsr = (uint)((random.OneIn(2) ? 0 : random.Below(5)) << 5 | (random.OneIn(2) ? 0 : random.Below(32)));
        for (var i = 0; i < state.Memory.Length; i += 8)
            BitConverter.TryWriteBytes(state.Memory.AsSpan(i), Values.Any(random));
        return state;
    }

    public StartState Clone()
    {
        var copy = new StartState { Fcsr = Fcsr };
        Integers.CopyTo(copy.Integers, 0);
        Floats.CopyTo(copy.Floats, 0);
        Memory.CopyTo(copy.Memory, 0);
        return copy;
    }
}
