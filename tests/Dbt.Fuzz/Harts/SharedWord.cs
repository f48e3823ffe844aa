using Dbt.Fuzz.Programs;

namespace Dbt.Fuzz.Harts;

/// <summary>
/// A word of memory that two harts change in one way, each keeping account in a register, so that something holds whatever came
/// first: the sum of all that was added, each ticket once, and so on.
/// </summary>
/// <param name="Kind">The way.</param>
/// <param name="Bits">32 or 64.</param>
/// <param name="Offset">Where, from the shared base on.</param>
/// <param name="Account">The register.</param>
/// <param name="Initial">What it holds at the start.</param>
internal sealed record SharedWord(SharedWordKind Kind, int Bits, int Offset, int Account, ulong Initial)
{
    private const int Old = 5;
    private const int New = 6;
    private const int Wrong = 7;

    private char Suffix => Bits == 64 ? 'd' : 'w';

    /// <summary>What accounts start with.</summary>
    public ulong AccountStart => Kind switch
    {
        SharedWordKind.Minimum or SharedWordKind.Maximum or SharedWordKind.MinimumUnsigned or SharedWordKind.MaximumUnsigned => Extend(Initial),
        SharedWordKind.And => ulong.MaxValue,
        _ => 0,
    };

    /// <summary>Writes one update with the value in <see cref="AtomicProgram.Value"/>, which may be changed.</summary>
    public void Emit(HartCode code, RandomSource random)
    {
        code.AddConstant(AtomicProgram.Address, AtomicProgram.Base, Offset);
        switch (Kind)
        {
            case SharedWordKind.Sum when random.OneIn(3):
                EmitReserved(code, random, "add");
                code.Compute("add", Account, Account, AtomicProgram.Value);
                break;
            case SharedWordKind.Sum:
                Update(code, random, "amoadd", random.OneIn(2) ? 0 : Old);
                code.Compute("add", Account, Account, AtomicProgram.Value);
                break;
            case SharedWordKind.ExclusiveOr when random.OneIn(3):
                EmitReserved(code, random, "xor");
                code.Compute("xor", Account, Account, AtomicProgram.Value);
                break;
            case SharedWordKind.ExclusiveOr:
                Update(code, random, "amoxor", random.OneIn(2) ? 0 : Old);
                code.Compute("xor", Account, Account, AtomicProgram.Value);
                break;
            case SharedWordKind.Or:
                OneBit(code);
                // What this hart has set stays set.
                Update(code, random, "amoor", Old);
                code.Compute("andn", Wrong, Account, Old);
                CountWrong(code, "sltu", 0, Wrong);
                code.Compute("or", Account, Account, AtomicProgram.Value);
                break;
            case SharedWordKind.And:
                OneBit(code);
                code.Compute("xnor", AtomicProgram.Value, AtomicProgram.Value, 0);
                Update(code, random, "amoand", Old);
                code.Compute("andn", Wrong, Old, Account);
                CountWrong(code, "sltu", 0, Wrong);
                code.Compute("and", Account, Account, AtomicProgram.Value);
                break;
            case SharedWordKind.Swap:
                // Every value that was put in comes out once.
                Update(code, random, "amoswap", Old);
                code.Compute("add", Account, Account, AtomicProgram.Value);
                code.Compute("sub", Account, Account, Old);
                break;
            case SharedWordKind.Minimum:
                Order(code, random, "min", "slt");
                break;
            case SharedWordKind.Maximum:
                Order(code, random, "max", "slt");
                break;
            case SharedWordKind.MinimumUnsigned:
                Order(code, random, "minu", "sltu");
                break;
            case SharedWordKind.MaximumUnsigned:
                Order(code, random, "maxu", "sltu");
                break;
            default:
                // A ticket is larger than this hart's last one, and kept in a list.
                code.AddConstant(New, 0, 1);
                code.Add($"amoadd.{Suffix}", ("rd", Old), ("rs2", New), ("rs1", AtomicProgram.Address), ("aqrl", random.Below(4)));
                CountWrong(code, "slt", Old, Account);
                code.AddConstant(Account, Old, 1);
                code.Add("sd", ("rs2", Old), ("rs1", AtomicProgram.Tickets), ("immS", 0));
                code.AddConstant(AtomicProgram.Tickets, AtomicProgram.Tickets, 8);
                break;
        }
    }

    /// <summary>What is wrong with the word at the end; null when nothing is.</summary>
    public string? Check(ulong final, ulong first, ulong second)
    {
        if (Kind == SharedWordKind.Ticket)
            return null;
        var initial = Extend(Initial);
        var expected = Kind switch
        {
            SharedWordKind.Sum => initial + first + second,
            SharedWordKind.ExclusiveOr => initial ^ first ^ second,
            SharedWordKind.Or => initial | first | second,
            SharedWordKind.And => initial & first & second,
            SharedWordKind.Swap => initial + first + second,
            SharedWordKind.Minimum => (ulong)Math.Min((long)first, (long)second),
            SharedWordKind.Maximum => (ulong)Math.Max((long)first, (long)second),
            SharedWordKind.MinimumUnsigned => Math.Min(first, second),
            _ => Math.Max(first, second),
        };
        return Extend(expected) == Extend(final) ? null : $"{Kind} of {Bits} bits at {Offset} is 0x{Extend(final):x}, and should be 0x{Extend(expected):x}";
    }

    private ulong Extend(ulong value) => Bits == 64 ? value : (ulong)(int)value;

    private void Update(HartCode code, RandomSource random, string operation, int old) =>
        code.Add($"{operation}.{Suffix}", ("rd", old), ("rs2", AtomicProgram.Value), ("rs1", AtomicProgram.Address), ("aqrl", random.Below(4)));

    private void EmitReserved(HartCode code, RandomSource random, string operation)
    {
        var again = code.Here;
        code.Add($"lr.{Suffix}", ("rd", Old), ("rs1", AtomicProgram.Address), ("aqrl", random.Below(4)));
        code.Compute(operation, New, Old, AtomicProgram.Value);
        code.Add($"sc.{Suffix}", ("rd", Wrong), ("rs2", New), ("rs1", AtomicProgram.Address), ("aqrl", random.Below(4)));
        code.BranchBack("bne", Wrong, 0, again);
    }

    // What is there is never on the wrong side of what this hart has put there.
    private void Order(HartCode code, RandomSource random, string better, string less)
    {
        if (Bits == 32)
            code.Add("addiw", ("rd", AtomicProgram.Value), ("rs1", AtomicProgram.Value), ("immI", 0));
        Update(code, random, $"amo{better}", Old);
        if (Kind is SharedWordKind.Maximum or SharedWordKind.MaximumUnsigned)
            CountWrong(code, less, Old, Account);
        else
            CountWrong(code, less, Account, Old);
        code.Compute(better, Account, Account, AtomicProgram.Value);
    }

    private static void OneBit(HartCode code)
    {
        code.AddConstant(New, 0, 1);
        code.Add("andi", ("rd", Wrong), ("rs1", AtomicProgram.Value), ("immI", 31));
        code.Compute("sll", AtomicProgram.Value, New, Wrong);
    }

    private static void CountWrong(HartCode code, string less, int a, int b)
    {
        code.Compute(less, Wrong, a, b);
        code.Compute("add", AtomicProgram.Errors, AtomicProgram.Errors, Wrong);
    }
}
