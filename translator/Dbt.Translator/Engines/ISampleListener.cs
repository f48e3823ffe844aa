namespace Dbt.Translator.Engines;

/// <summary>
/// Hears where harts are each time that one comes to the end of a slice, about every half millisecond, or answers
/// <see cref="TranslatingEngine{TBlock}.RequestSamples"/>: what is heard of often is hot.
/// </summary>
public interface ISampleListener
{
    /// <summary>A hart is at its Pc, between two instructions. Called by the thread that runs it, which waits.</summary>
    void Sampled(Hart hart);
}
