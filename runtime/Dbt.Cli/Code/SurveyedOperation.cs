using Dbt.Isa;

namespace Dbt.Cli.Code;

/// <summary>What a compiler made of an operation.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Bytes">Host code of its plain form in bytes.</param>
/// <param name="Interpreted">Samples for which it has no pattern, as text.</param>
/// <param name="IsInterpreted">Whether it has no pattern for any.</param>
internal sealed record SurveyedOperation(OperationInfo Operation, int Bytes, IReadOnlyList<string> Interpreted, bool IsInterpreted)
{
    /// <summary>In a few words.</summary>
    public override string ToString() => IsInterpreted ? "interpreted"
        : Interpreted.Count == 0 ? $"{Bytes} bytes"
        : $"{Bytes} bytes; {Interpreted.Count} forms interpreted";
}
