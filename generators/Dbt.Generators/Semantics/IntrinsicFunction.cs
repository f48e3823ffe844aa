using Dbt.Generators.Semantics.Tree;

namespace Dbt.Generators.Semantics;

/// <summary>How a function is called.</summary>
/// <param name="Intrinsic">What it is to engines.</param>
/// <param name="Pattern">Its parameters: <c>T</c>, <c>unsigned</c> (T without its sign), <c>int</c>, <c>rounding</c> (a rounding field).</param>
/// <param name="Types">What T may be, narrowest first.</param>
/// <param name="Result">Type of the result; T when null, the integer as wide as T when Void.</param>
internal sealed record IntrinsicFunction(Intrinsic Intrinsic, string Pattern, IReadOnlyList<ValueType> Types, ValueType? Result = null)
{
    /// <summary>The parameters one by one.</summary>
    public IReadOnlyList<string> Parameters { get; } = Pattern.Split(' ');

    /// <summary>Type of the result for a T.</summary>
    public ValueType ResultFor(ValueType type) => Result switch
    {
        null => type,
        ValueType.Void => type == ValueType.F32 ? ValueType.I32 : ValueType.I64,
        var result => result.Value,
    };
}
