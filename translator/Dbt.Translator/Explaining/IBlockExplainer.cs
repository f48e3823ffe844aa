namespace Dbt.Translator.Explaining;

/// <summary>Compiles blocks as an engine does, to be read and not to be run.</summary>
public interface IBlockExplainer
{
    /// <summary>The block at a guest address; null when it may not be fetched from.</summary>
    BlockExplanation? Explain(ulong pc);
}
