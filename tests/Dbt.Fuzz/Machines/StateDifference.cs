using Dbt.Isa;
using Dbt.Translator;

namespace Dbt.Fuzz.Machines;

/// <summary>Finds where two harts that should be alike are not.</summary>
/// <param name="a">What the first one is called.</param>
/// <param name="b">What the second one is called.</param>
internal sealed unsafe class StateDifference(string a, string b)
{
    /// <summary>Whether both have counted all instructions.</summary>
    public bool ComparesCounts { get; init; } = true;

    /// <summary>The first difference, for people; null when there is none.</summary>
    public string? Find(Hart hartA, Hart hartB)
    {
        var x = hartA.State;
        var y = hartB.State;
        return Differ("exit reason", (long)x->Exit, (long)y->Exit)
            ?? Differ("pc", (long)x->Pc, (long)y->Pc)
            ?? (ComparesCounts ? Differ("retired instructions", x->RetiredBase - x->Budget, y->RetiredBase - y->Budget) : null)
            ?? FindRegister(hartA, hartB)
            ?? Differ("fflags", x->FpFlags, y->FpFlags)
            ?? Differ("frm", x->FpRounding, y->FpRounding)
            ?? Differ("reservation", (long)x->ReservationAddress, (long)y->ReservationAddress)
            // What was reserved is of no meaning without a reservation.
            ?? (x->ReservationAddress == HartHeader.NoReservation ? null : Differ("reserved value", (long)x->ReservationValue, (long)y->ReservationValue))
            ?? (x->Exit is ExitReason.MemoryFault or ExitReason.MisalignedAccess ? FindFault(x, y) : null);
    }

    /// <summary>A sentence, when two values differ.</summary>
    public string? Differ(string what, long valueA, long valueB) =>
        valueA == valueB ? null : $"{what}: {a} 0x{valueA:x}, {b} 0x{valueB:x}";

    /// <summary>A sentence, when two ranges of memory differ.</summary>
    /// <param name="contentsA">What the first one has there.</param>
    /// <param name="contentsB">What the second one has there.</param>
    /// <param name="address">Where that is.</param>
    public string? FindInMemory(ReadOnlySpan<byte> contentsA, ReadOnlySpan<byte> contentsB, ulong address)
    {
        if (contentsA.SequenceEqual(contentsB))
            return null;
        var at = contentsA.CommonPrefixLength(contentsB);
        return Differ($"memory at 0x{address + (uint)at:x}", contentsA[at], contentsB[at]);
    }

    private string? FindFault(HartHeader* x, HartHeader* y) =>
        Differ("fault address", (long)x->FaultAddress, (long)y->FaultAddress)
        ?? Differ("fault access", (long)x->FaultAccess, (long)y->FaultAccess)
        ?? Differ("fault signal", x->FaultSignal, y->FaultSignal);

    private string? FindRegister(Hart hartA, Hart hartB)
    {
        foreach (var info in hartA.Isa.RegisterFiles)
        {
            // As they lie in the state, so that narrow registers must be extended alike, too.
            var x = new ReadOnlySpan<ulong>((byte*)hartA.State + info.Offset, info.Count);
            var y = new ReadOnlySpan<ulong>((byte*)hartB.State + info.Offset, info.Count);
            if (x.SequenceEqual(y))
                continue;
            var index = x.CommonPrefixLength(y);
            return Differ($"{info.Name}{index} ({info.Names[index]})", (long)x[index], (long)y[index]);
        }
        return null;
    }
}
