using Dbt.Generators.Semantics.Tree;

namespace Dbt.Generators.Semantics;

/// <summary>Goes through trees in the order of evaluation.</summary>
internal static class TreeWalk
{
    /// <summary>The parts of an expression, in the order in which they are evaluated.</summary>
    public static IEnumerable<Expression> Children(this Expression expression) => expression switch
    {
        Unary unary => [unary.Operand],
        Binary binary => [binary.Left, binary.Right],
        Conversion conversion => [conversion.Operand],
        Conditional conditional => [conditional.Condition, conditional.Then, conditional.Otherwise],
        Load load => [load.Address],
        AtomicUpdate atomic => [atomic.Address, atomic.Value],
        LoadReserved load => [load.Address],
        StoreConditional store => [store.Address, store.Value],
        Call call => call.Arguments,
        CsrRead read => [read.Wanted],
        _ => [],
    };

    /// <summary>An expression and all its parts, parts first.</summary>
    public static IEnumerable<Expression> DescendantsAndSelf(this Expression expression) =>
        expression.Children().SelectMany(DescendantsAndSelf).Append(expression);

    /// <summary>The expressions that a statement evaluates itself.</summary>
    public static IEnumerable<Expression> Expressions(this Statement statement) => statement switch
    {
        DeclareLocal declare => [declare.Value],
        WriteRegister write => [write.Value],
        WriteHart write => [write.Value],
        WriteState write => [write.Value],
        TranslationFence fence => [fence.AnyAddress, fence.Address, fence.AnySpace, fence.Space],
        ZeroBlock zero => [zero.Address],
        ManageBlock manage => [manage.Address],
        Store store => [store.Address, store.Value],
        Evaluate evaluate => [evaluate.Value],
        If branch => [branch.Condition],
        Jump jump => [jump.Target],
        Fence fence => [fence.Predecessors, fence.Successors],
        CsrWrite write => [write.Value],
        _ => [],
    };

    /// <summary>Statements and the statements inside them.</summary>
    public static IEnumerable<Statement> WithNested(this IEnumerable<Statement> statements)
    {
        foreach (var statement in statements)
        {
            yield return statement;
            if (statement is not If branch)
                continue;
            foreach (var nested in branch.Then.Concat(branch.Otherwise).WithNested())
                yield return nested;
        }
    }

    /// <summary>Every expression in statements, parts first.</summary>
    public static IEnumerable<Expression> AllExpressions(this IEnumerable<Statement> statements) =>
        statements.WithNested().SelectMany(Expressions).SelectMany(DescendantsAndSelf);

    /// <summary>The same expression with its parts replaced by <paramref name="replace"/>.</summary>
    public static Expression MapChildren(this Expression expression, Func<Expression, Expression> replace) => expression switch
    {
        Unary unary => unary with { Operand = replace(unary.Operand) },
        Binary binary => binary with { Left = replace(binary.Left), Right = replace(binary.Right) },
        Conversion conversion => conversion with { Operand = replace(conversion.Operand) },
        Conditional conditional => conditional with
        {
            Condition = replace(conditional.Condition),
            Then = replace(conditional.Then),
            Otherwise = replace(conditional.Otherwise),
        },
        Load load => load with { Address = replace(load.Address) },
        AtomicUpdate atomic => atomic with { Address = replace(atomic.Address), Value = replace(atomic.Value) },
        LoadReserved load => load with { Address = replace(load.Address) },
        StoreConditional store => store with { Address = replace(store.Address), Value = replace(store.Value) },
        Call call => call with { Arguments = call.Arguments.Select(replace).ToArray() },
        CsrRead read => read with { Wanted = replace(read.Wanted) },
        _ => expression,
    };

    /// <summary>The same statement with its own and its nested expressions replaced.</summary>
    public static Statement MapExpressions(this Statement statement, Func<Expression, Expression> replace) => statement switch
    {
        DeclareLocal declare => declare with { Value = replace(declare.Value) },
        WriteRegister write => write with { Value = replace(write.Value) },
        WriteHart write => write with { Value = replace(write.Value) },
        WriteState write => write with { Value = replace(write.Value) },
        TranslationFence fence => fence with
        {
            AnyAddress = replace(fence.AnyAddress),
            Address = replace(fence.Address),
            AnySpace = replace(fence.AnySpace),
            Space = replace(fence.Space),
        },
        ZeroBlock zero => zero with { Address = replace(zero.Address) },
        ManageBlock manage => manage with { Address = replace(manage.Address) },
        Store store => store with { Address = replace(store.Address), Value = replace(store.Value) },
        Evaluate evaluate => evaluate with { Value = replace(evaluate.Value) },
        If branch => branch with
        {
            Condition = replace(branch.Condition),
            Then = branch.Then.Select(inner => inner.MapExpressions(replace)).ToArray(),
            Otherwise = branch.Otherwise.Select(inner => inner.MapExpressions(replace)).ToArray(),
        },
        Jump jump => jump with { Target = replace(jump.Target) },
        Fence fence => fence with { Predecessors = replace(fence.Predecessors), Successors = replace(fence.Successors) },
        CsrWrite write => write with { Value = replace(write.Value) },
        _ => statement,
    };
}
