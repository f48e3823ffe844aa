using Dbt.Translator.Explaining;

namespace Dbt.Translator.Baseline;

/// <summary>What a compiler says of its code while it writes it, when somebody wants to read it.</summary>
internal sealed class CodeNotes
{
    private readonly List<(CodePartKind Kind, int Instruction, ulong Address)> _marks = [];

    /// <summary>The code from an address on, as it is executed, is for this.</summary>
    public unsafe void Mark(CodePartKind kind, int instruction, byte* address) => _marks.Add((kind, instruction, (ulong)address));

    /// <summary>The last mark was mistaken.</summary>
    public void Correct(CodePartKind kind) => _marks[^1] = _marks[^1] with { Kind = kind };

    /// <summary>The code of the last mark begins here: what was in front of it is taken back.</summary>
    public unsafe void MoveLast(byte* address) => _marks[^1] = _marks[^1] with { Address = (ulong)address };

    /// <summary>Forgets all marks: the block is compiled once more.</summary>
    public void Clear() => _marks.Clear();

    /// <summary>Takes the marks of a block and forgets them.</summary>
    /// <param name="start">Address of its first byte, as it is executed.</param>
    /// <param name="length">Bytes.</param>
    public List<CodePart> Take(ulong start, int length)
    {
        var parts = new List<CodePart>(_marks.Count);
        for (var i = 0; i < _marks.Count; i++)
        {
            var offset = (int)(_marks[i].Address - start);
            var end = i + 1 < _marks.Count ? (int)(_marks[i + 1].Address - start) : length;
            parts.Add(new CodePart(_marks[i].Kind, _marks[i].Instruction, offset, end - offset));
        }
        _marks.Clear();
        return parts;
    }
}
