using Dbt.Isa;

namespace Dbt.Translator.Il.Trees;

/// <summary>Turns one guest's instructions into trees. The implementations for real guests are generated from isa-specs; immutable.</summary>
public abstract class GuestLifter
{
    /// <summary>The instruction set whose instructions it knows.</summary>
    public abstract GuestIsa Isa { get; }

    /// <summary>
    /// Writes what an instruction at <paramref name="pc"/> does to the builder.
    /// </summary>
    /// <param name="instruction">A legal instruction, compressed forms expanded (their Length stays 2).</param>
    /// <param name="pc">Guest address of the instruction.</param>
    /// <param name="builder">Where to.</param>
    public abstract void Lift(in Instruction instruction, ulong pc, TreeBuilder builder);
}
