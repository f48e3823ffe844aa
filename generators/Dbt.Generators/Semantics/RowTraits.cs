using Dbt.Generators.Semantics.Tree;

namespace Dbt.Generators.Semantics;

/// <summary>What an operation can do; the names of <c>Dbt.Isa.OperationTraits</c>.</summary>
internal static class RowTraits
{
    /// <summary>Names of the traits of a row.</summary>
    public static IReadOnlyCollection<string> Of(RowSemantics semantics)
    {
        var traits = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var expression in semantics.Statements.AllExpressions())
            AddExpression(expression, traits);
        foreach (var statement in semantics.Statements.WithNested())
            AddStatement(statement, traits);
        if (traits.Contains("DirectJump") || traits.Contains("IndirectJump"))
            if (!ControlFlow.AlwaysLeaves(semantics.Statements))
                traits.Add("Conditional");
        if (semantics.Base != null)
            traits.Add("Compressed");
        return traits;
    }

    /// <summary>Whether only an interpreter executes it: it works on system state.</summary>
    public static bool IsPrivileged(RowSemantics semantics) =>
        semantics.Statements.AllExpressions().Any(expression => expression is StateRead)
        || semantics.Statements.WithNested().Any(statement => statement is WriteState or TranslationFence or ZeroBlock or ManageBlock || statement is Trap { Reason: "WaitForInterrupt" });

    /// <summary>Whether a jump's target is known when the instruction is decoded.</summary>
    public static bool IsDirect(Jump jump) =>
        jump.Target.DescendantsAndSelf().All(node => node is not (RegisterRead or LocalRead or Call or StateRead) && !Purity.IsImpure(node));

    private static void AddExpression(Expression expression, SortedSet<string> traits)
    {
        if (expression.Type.IsFloat())
            traits.Add("FloatingPoint");
        if (expression is Load or LoadReserved or AtomicUpdate)
            traits.Add("Loads");
        if (expression is StoreConditional or AtomicUpdate)
            traits.Add("Stores");
        if (expression is LoadReserved or StoreConditional or AtomicUpdate)
            traits.Add("Atomic");
        if (expression is RoundingMode)
            traits.Add("Rounds");
        if (expression is CsrRead or StateRead)
            traits.Add("System");
    }

    private static void AddStatement(Statement statement, SortedSet<string> traits)
    {
        switch (statement)
        {
            case Store:
                traits.Add("Stores");
                break;
            case CsrWrite or WriteState or TranslationFence:
                traits.Add("System");
                break;
            case ZeroBlock or ManageBlock:
                traits.Add("Stores");
                break;
            case Jump jump:
                traits.Add("EndsBlock");
                traits.Add(IsDirect(jump) ? "DirectJump" : "IndirectJump");
                break;
            case Trap trap:
                traits.Add("EndsBlock");
                if (trap.Reason is not ("InstructionFence" or "WaitForInterrupt"))
                    traits.Add("Traps");
                break;
        }
    }
}
