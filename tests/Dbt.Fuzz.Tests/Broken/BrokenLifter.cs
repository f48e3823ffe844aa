using Dbt.Isa;
using Dbt.Translator.Semantics;

namespace Dbt.Fuzz.Tests.Broken;

/// <summary>A guest's lifter with one thing wrong.</summary>
/// <param name="lifter">The lifter.</param>
/// <param name="damage">What is wrong.</param>
internal sealed class BrokenLifter(GuestLifter lifter, Damage damage) : GuestLifter
{
    public override GuestIsa Isa => lifter.Isa;

    public override void Lift<TBuilder, TValue>(ReadOnlySpan<PredecodedInstruction> block, ref TBuilder builder)
    {
        var broken = new BrokenBuilder<TBuilder, TValue>(builder, damage);
        lifter.Lift<BrokenBuilder<TBuilder, TValue>, TValue>(block, ref broken);
        builder = broken.Inner;
    }
}
