using Dbt.Translator.Engines;

namespace Dbt.Lab.Profiling;

/// <summary>Remembers what an engine has translated.</summary>
internal sealed unsafe class TranslationLog : ICodeListener
{
    private readonly SortedDictionary<ulong, int> _lengths = [];

    /// <summary>By guest address of the first instruction, the bytes of host code of the last translation.</summary>
    public IReadOnlyDictionary<ulong, int> Lengths => _lengths;

    /// <inheritdoc/>
    public void BlockAdded(string engine, ulong pc, byte* code, int length) => _lengths[pc] = length;

    /// <inheritdoc/>
    public void StubAdded(string engine, string name, byte* code, int length)
    {
    }
}
