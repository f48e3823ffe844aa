using Dbt.Isa;
using Dbt.Translator.Baseline;

namespace Dbt.Translator.Semantics;

/// <summary>Tells builders what one guest's instructions do. The implementations for real guests are generated from isa-specs; immutable.</summary>
public abstract class GuestLifter
{
    /// <summary>The instruction set whose instructions it knows.</summary>
    public abstract GuestIsa Isa { get; }

    /// <summary>
    /// Writes what instructions do to the builder, each opened by <see cref="ISemanticsBuilder{TValue}.Begin"/>.
    /// </summary>
    /// <param name="block">The instructions, compressed forms expanded (their Length stays 2). An illegal one exits.</param>
    /// <param name="builder">Where to.</param>
    /// <typeparam name="TBuilder">The builder.</typeparam>
    /// <typeparam name="TValue">Its values.</typeparam>
    public abstract void Lift<TBuilder, TValue>(ReadOnlySpan<PredecodedInstruction> block, ref TBuilder builder)
        where TBuilder : ISemanticsBuilder<TValue>;

    /// <summary>
    /// The same for the baseline compiler. Generated lifters override it with a static call, since ReadyToRun compiles no specialisation
    /// that only a virtual generic call names: without that, the JIT would run for each operation of a guest at its first sight.
    /// </summary>
    internal virtual unsafe void Lift(PredecodedInstruction* block, int count, ref X64Builder builder) =>
        Lift<X64Builder, Operand>(new ReadOnlySpan<PredecodedInstruction>(block, count), ref builder);
}
