using Dbt.Isa;

namespace Dbt.Translator.Il.Emission;

/// <summary>Where compiled code finds the fields of a hart's state, in bytes.</summary>
internal static unsafe class StateLayout
{
    private static readonly HartHeader _sample;

    /// <summary><see cref="HartHeader.Pc"/>.</summary>
    public static readonly int Pc = Of(s => &s->Pc);

    /// <summary><see cref="HartHeader.Budget"/>.</summary>
    public static readonly int Budget = Of(s => &s->Budget);

    /// <summary><see cref="HartHeader.JumpCache"/>.</summary>
    public static readonly int JumpCache = Of(s => &s->JumpCache);

    /// <summary><see cref="HartHeader.Current"/>.</summary>
    public static readonly int Current = Of(s => &s->Current);

    /// <summary><see cref="HartHeader.FaultAddress"/>.</summary>
    public static readonly int FaultAddress = Of(s => &s->FaultAddress);

    /// <summary><see cref="HartHeader.FaultAccess"/>.</summary>
    public static readonly int FaultAccess = Of(s => &s->FaultAccess);

    /// <summary><see cref="HartHeader.FaultSignal"/>.</summary>
    public static readonly int FaultSignal = Of(s => &s->FaultSignal);

    /// <summary><see cref="HartHeader.Exit"/>.</summary>
    public static readonly int Exit = Of(s => &s->Exit);

    /// <summary><see cref="HartHeader.FpFlags"/>.</summary>
    public static readonly int FpFlags = Of(s => &s->FpFlags);

    /// <summary><see cref="HartHeader.FpRounding"/>.</summary>
    public static readonly int FpRounding = Of(s => &s->FpRounding);

    /// <summary><see cref="HartHeader.IsWanted"/>.</summary>
    public static readonly int IsWanted = Of(s => &s->IsWanted);

    private delegate void* Field(HartHeader* state);

    private static int Of(Field field)
    {
        fixed (HartHeader* sample = &_sample)
            return (int)((byte*)field(sample) - (byte*)sample);
    }
}
