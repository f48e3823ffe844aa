using Dbt.Generators.Semantics.Tree;

namespace Dbt.Generators.Semantics;

/// <summary>Where the statements of a row may leave it.</summary>
internal static class ControlFlow
{
    /// <summary>Whether something behind this statement might not be reached.</summary>
    public static bool MayLeave(Statement statement) => statement switch
    {
        Jump or Trap => true,
        If branch => branch.Then.Any(MayLeave) || branch.Otherwise.Any(MayLeave),
        _ => false,
    };

    /// <summary>Whether execution never goes on behind these statements.</summary>
    public static bool AlwaysLeaves(IReadOnlyList<Statement> statements) => statements.Any(statement => statement switch
    {
        Jump or Trap => true,
        If branch => AlwaysLeaves(branch.Then) && AlwaysLeaves(branch.Otherwise),
        _ => false,
    });
}
