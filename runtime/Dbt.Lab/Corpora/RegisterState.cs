using Dbt.Translator;

namespace Dbt.Lab.Corpora;

/// <summary>Every register of a hart by file and number, and the floating-point state; pc included.</summary>
/// <param name="Pc">Guest address of the next instruction.</param>
/// <param name="FpFlags">Accrued floating-point exceptions.</param>
/// <param name="FpRounding">The dynamic rounding mode.</param>
/// <param name="Values">The register files one after the other.</param>
internal sealed unsafe record RegisterState(ulong Pc, uint FpFlags, uint FpRounding, ulong[] Values)
{
    /// <summary>Those of a hart.</summary>
    public static RegisterState Of(Hart hart)
    {
        var values = new List<ulong>();
        for (var file = 0; file < hart.Isa.RegisterFiles.Count; file++)
            for (var i = 0; i < hart.Isa.RegisterFiles[file].Count; i++)
                values.Add(hart.GetRegister(file, i));
        return new(hart.State->Pc, hart.State->FpFlags, hart.State->FpRounding, [.. values]);
    }

    /// <summary>How many <see cref="Values"/> a guest has.</summary>
    public static int CountOf(Isa.GuestIsa isa) => isa.RegisterFiles.Sum(file => file.Count);

    /// <summary>Gives them to a hart.</summary>
    public void CopyTo(Hart hart)
    {
        var next = 0;
        for (var file = 0; file < hart.Isa.RegisterFiles.Count; file++)
            for (var i = 0; i < hart.Isa.RegisterFiles[file].Count; i++)
                hart.SetRegister(file, i, Values[next++]);
        (hart.State->Pc, hart.State->FpFlags, hart.State->FpRounding) = (Pc, FpFlags, FpRounding);
        hart.State->ReservationAddress = Isa.HartHeader.NoReservation;
    }
}
