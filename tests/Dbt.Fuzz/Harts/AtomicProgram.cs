using System.Globalization;
using Dbt.Fuzz.Machines;
using Dbt.Fuzz.Programs;

namespace Dbt.Fuzz.Harts;

/// <summary>Random atomics of two harts on shared words, of which something holds whatever comes first.</summary>
internal sealed class AtomicProgram
{
    // Registers: as they are written in both harts' code.
    public const int Base = 8;
    public const int Turns = 9;
    public const int Errors = 10;
    public const int Tickets = 11;
    public const int Address = 12;
    public const int Value = 13;
    private const int State = 14;
    private const int Factor = 15;
    private const int FirstAccount = 16;

    private const int MostWords = 12;
    private const ulong TicketList = 1 << 20;

    private readonly ulong _seed;
    private readonly int _turns;
    private readonly List<SharedWord> _words = [];
    private readonly HartCode[] _codes = [new(), new()];

    /// <summary>Writes the code.</summary>
    /// <param name="seed">What it is made from.</param>
    /// <param name="turns">How often each hart goes through its code.</param>
    public AtomicProgram(ulong seed, int turns)
    {
        _seed = seed;
        _turns = turns;
        var random = new RandomSource(seed);
        var count = 1 + random.Below(MostWords);
        // Words side by side, in one cache line, or apart.
        var distance = random.Pick([8, 8, 64]);
        for (var i = 0; i < count; i++)
        {
            var kind = (SharedWordKind)random.Below((int)SharedWordKind.Ticket + (i == 0 ? 1 : 0));
            _words.Add(new SharedWord(kind, random.OneIn(2) ? 32 : 64, i * distance, FirstAccount + i, kind == SharedWordKind.Ticket ? 0 : Values.Integer(random)));
        }
        for (var hart = 0; hart < 2; hart++)
            Write(_codes[hart], hart, random);
    }

    /// <summary>Runs it on an engine; what is wrong at the end, or null.</summary>
    public unsafe string? Run(EngineConfiguration engine)
    {
        using var pair = new HartPair(engine, _codes[0], _codes[1]);
        foreach (var word in _words)
            pair.Word((ulong)word.Offset) = word.Initial;
        for (var i = 0; i < 2; i++)
        {
            pair[i, Base] = HartPair.Data;
            pair[i, Turns] = (ulong)_turns;
            pair[i, Tickets] = HartPair.Data + (ulong)(i + 1) * TicketList;
            pair[i, State] = RandomSource.Derive(_seed, (ulong)i);
            pair[i, Factor] = 6_364_136_223_846_793_005;
            foreach (var word in _words)
                pair[i, word.Account] = word.AccountStart;
        }
        if (pair.Run() is { } failure)
            return failure;
        if (pair[0, Errors] + pair[1, Errors] is not 0 and var errors)
            return $"{errors} times an old value was impossible";
        foreach (var word in _words)
            if (word.Check(pair.Word((ulong)word.Offset), pair[0, word.Account], pair[1, word.Account]) is { } problem)
                return problem;
        return CheckTickets(pair);
    }

    /// <summary>For reports.</summary>
    public string Report(string engine, string problem) => string.Create(CultureInfo.InvariantCulture,
        $"harts: {engine}: {problem}\n  seed 0x{_seed:x}, {_turns} turns\n  hart 0:\n    {string.Join("\n    ", _codes[0].Listing())}\n  hart 1:\n    {string.Join("\n    ", _codes[1].Listing())}\n");

    private void Write(HartCode code, int hart, RandomSource random)
    {
        Meet(code, hart);
        var start = code.Here;
        for (var i = 1 + random.Below(20); i > 0; i--)
        {
            code.Compute("mul", State, State, Factor);
            code.AddConstant(State, State, 1 + random.Below(1000));
            code.Add("srli", ("rd", Value), ("rs1", State), ("shamt", random.Below(30)));
            // A ticket has to be drawn once a turn at most: the list is no longer.
            var word = random.Pick(_words);
            if (word.Kind != SharedWordKind.Ticket)
                word.Emit(code, random);
        }
        if (_words[0].Kind == SharedWordKind.Ticket)
            _words[0].Emit(code, random);
        code.AddConstant(Turns, Turns, -1);
        code.Skip("beq", Turns, 0, 1);
        code.Add("jal", ("immJ", (start - code.Here) * sizeof(uint)));
        code.Add("ecall");
    }

    // Threads take longer to start than some programs to run.
    private static void Meet(HartCode code, int hart)
    {
        const int Behind = MostWords * 64;
        code.AddConstant(Value, 0, 1);
        code.Add("sw", ("rs2", Value), ("rs1", Base), ("immS", Behind + hart * sizeof(int)));
        var wait = code.Here;
        code.Add("lw", ("rd", Value), ("rs1", Base), ("immI", Behind + (1 - hart) * sizeof(int)));
        code.BranchBack("beq", Value, 0, wait);
    }

    private string? CheckTickets(HartPair pair)
    {
        if (_words[0].Kind != SharedWordKind.Ticket)
            return null;
        var seen = new bool[2 * _turns];
        for (var hart = 0; hart < 2; hart++)
            for (var i = 0; i < _turns; i++)
            {
                var ticket = pair.Word((ulong)(hart + 1) * TicketList + 8 * (ulong)i);
                if (ticket >= (ulong)seen.Length || seen[ticket])
                    return $"hart {hart} drew ticket {ticket}, which was drawn or is none";
                seen[ticket] = true;
            }
        return null;
    }
}
