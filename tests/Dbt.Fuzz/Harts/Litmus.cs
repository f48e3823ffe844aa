using Dbt.Fuzz.Machines;

namespace Dbt.Fuzz.Harts;

/// <summary>
/// A litmus test of RVWMO (manual, volume I, appendix "RVWMO explanatory material"): two harts, two words, and an outcome that must not be.
/// It is run on thousands of pairs of words one after the other, so that the harts meet.
/// </summary>
/// <param name="Name">As in the literature.</param>
/// <param name="First">The first hart's accesses.</param>
/// <param name="Second">The second hart's accesses.</param>
/// <param name="Forbidden">Whether what the harts have read may not be: two bits of each.</param>
internal sealed record Litmus(string Name, Action<HartCode> First, Action<HartCode> Second, Func<ulong, ulong, bool> Forbidden)
{
    private const int X = 8;
    private const int Y = 9;
    private const int Result = 10;
    private const int Turns = 11;
    private const int One = 12;
    private const int Meeting = 13;
    private const int Arrivals = 14;
    private const int A = 15;
    private const int B = 16;
    private const int Scratch = 17;

    private const int Stride = 64;
    private const ulong OffsetOfY = 1 << 20;
    private const ulong OffsetOfResults = 2 << 20;
    private const ulong OffsetOfMeeting = 3 << 20;
    private const int Pairs = (int)(OffsetOfY / Stride);

    /// <summary>All that must hold.</summary>
    public static IReadOnlyList<Litmus> All { get; } =
    [
        new("MP+fences",
            code => { Store(code, X); Fence(code); Store(code, Y); },
            code => { Load(code, A, Y); Fence(code); Load(code, B, X); },
            (_, second) => second == 1),
        new("MP+rl+aq",
            code => { Store(code, X); Swap(code, 0, Y, Release); },
            code => { code.Add("lr.w", ("rd", A), ("rs1", Y), ("aqrl", Acquire)); Load(code, B, X); },
            (_, second) => second == 1),
        new("SB+fences",
            code => { Store(code, X); Fence(code); Load(code, A, Y); },
            code => { Store(code, Y); Fence(code); Load(code, A, X); },
            (first, second) => (first & 1) == 0 && (second & 1) == 0),
        new("SB+swaps.aqrl",
            code => { Swap(code, 0, X, Acquire | Release); Load(code, A, Y); },
            code => { Swap(code, 0, Y, Acquire | Release); Load(code, A, X); },
            (first, second) => (first & 1) == 0 && (second & 1) == 0),
        new("SB+or.aqrl",
            code => { Or(code, X); Load(code, A, Y); },
            code => { Or(code, Y); Load(code, A, X); },
            (first, second) => (first & 1) == 0 && (second & 1) == 0),
        new("SB+sc.aqrl",
            code => { Conditional(code, X); Load(code, A, Y); },
            code => { Conditional(code, Y); Load(code, A, X); },
            (first, second) => (first & 1) == 0 && (second & 1) == 0),
        new("LB+fences",
            code => { Load(code, A, X); Fence(code); Store(code, Y); },
            code => { Load(code, A, Y); Fence(code); Store(code, X); },
            (first, second) => (first & second & 1) == 1),
        new("CoRR",
            code => Store(code, X),
            code => { Load(code, A, X); Load(code, B, X); },
            (_, second) => second == 1),
    ];

    /// <summary>What shows that harts meet: a store buffer, which nothing forbids.</summary>
    public static Litmus StoreBuffer { get; } = new("SB",
        code => { Store(code, X); Load(code, A, Y); },
        code => { Store(code, Y); Load(code, A, X); },
        (first, second) => (first & 1) == 0 && (second & 1) == 0);

    private const int Release = 1;
    private const int Acquire = 2;

    /// <summary>Runs it; how many outcomes were forbidden ones.</summary>
    /// <exception cref="InvalidOperationException">A hart did not reach its end.</exception>
    public unsafe int Run(EngineConfiguration engine)
    {
        using var pair = new HartPair(engine, Write(First), Write(Second));
        for (var i = 0; i < 2; i++)
        {
            pair[i, X] = HartPair.Data;
            pair[i, Y] = HartPair.Data + OffsetOfY;
            pair[i, Result] = HartPair.Data + OffsetOfResults + (ulong)(i * Pairs * sizeof(ulong));
            pair[i, Turns] = Pairs;
            pair[i, One] = 1;
            pair[i, Meeting] = HartPair.Data + OffsetOfMeeting;
        }
        if (pair.Run() is { } failure)
            throw new InvalidOperationException($"{Name}: {failure}");
        var forbidden = 0;
        for (var i = 0; i < Pairs; i++)
        {
            var offset = OffsetOfResults + (ulong)(i * sizeof(ulong));
            if (Forbidden(pair.Word(offset), pair.Word(offset + Pairs * sizeof(ulong))))
                forbidden++;
        }
        return forbidden;
    }

    // A is bit 0 of what is kept, B bit 1.
    private static HartCode Write(Action<HartCode> accesses)
    {
        const int MeetingEvery = 128;
        var code = new HartCode();
        var start = code.Here;
        code.Add("andi", ("rd", Scratch), ("rs1", Turns), ("immI", MeetingEvery - 1));
        code.Skip("bne", Scratch, 0, 4);
        code.AddConstant(Arrivals, Arrivals, 2);
        code.Add("amoadd.w", ("rs2", One), ("rs1", Meeting));
        var wait = code.Here;
        code.Add("lw", ("rd", Scratch), ("rs1", Meeting));
        code.BranchBack("blt", Scratch, Arrivals, wait);
        accesses(code);
        code.Add("slli", ("rd", B), ("rs1", B), ("shamt", 1));
        code.Compute("or", A, A, B);
        code.Add("sd", ("rs2", A), ("rs1", Result));
        code.AddConstant(X, X, Stride);
        code.AddConstant(Y, Y, Stride);
        code.AddConstant(Result, Result, sizeof(ulong));
        code.AddConstant(Turns, Turns, -1);
        code.BranchBack("bne", Turns, 0, start);
        code.Add("ecall");
        return code;
    }

    private static void Store(HartCode code, int at) => code.Add("sw", ("rs2", One), ("rs1", at));

    private static void Load(HartCode code, int to, int at) => code.Add("lw", ("rd", to), ("rs1", at));

    private static void Fence(HartCode code) => code.Add("fence", ("pred", 3), ("succ", 3));

    private static void Swap(HartCode code, int old, int at, int order) =>
        code.Add("amoswap.w", ("rd", old), ("rs2", One), ("rs1", at), ("aqrl", order));

    private static void Or(HartCode code, int at) => code.Add("amoor.w", ("rs2", One), ("rs1", at), ("aqrl", Acquire | Release));

    private static void Conditional(HartCode code, int at)
    {
        var again = code.Here;
        code.Add("lr.w", ("rd", Scratch), ("rs1", at), ("aqrl", Acquire | Release));
        code.Add("sc.w", ("rd", Scratch), ("rs2", One), ("rs1", at), ("aqrl", Acquire | Release));
        code.BranchBack("bne", Scratch, 0, again);
    }
}
