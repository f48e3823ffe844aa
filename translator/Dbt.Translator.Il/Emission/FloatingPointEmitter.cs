using Dbt.Translator.Il.Trees.Nodes;

namespace Dbt.Translator.Il.Emission;

/// <summary>Turns floating-point intrinsics into IL.</summary>
internal static class FloatingPointEmitter
{
    /// <summary>Pushes the result of a call.</summary>
    public static void Push(IlWriter il, NodeEmitter nodes, CallNode call) =>
        throw new NotSupportedException($"No IL for {call.Intrinsic}.");
}
