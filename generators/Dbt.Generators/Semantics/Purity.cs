using Dbt.Generators.Semantics.Tree;

namespace Dbt.Generators.Semantics;

/// <summary>What evaluating an expression can do besides giving a value.</summary>
internal static class Purity
{
    /// <summary>Whether this node itself can fault.</summary>
    public static bool CanFault(Expression node) => node is Load or AtomicUpdate or LoadReserved or StoreConditional or CsrRead;

    /// <summary>Whether this node itself changes state that the guest can see.</summary>
    public static bool ChangesState(Expression node) =>
        node is AtomicUpdate or StoreConditional || node is Call call && IntrinsicTable.AccruesFlags(call.Intrinsic);

    /// <summary>Whether it matters if this node is evaluated.</summary>
    public static bool IsImpure(Expression node) => CanFault(node) || ChangesState(node);
}
