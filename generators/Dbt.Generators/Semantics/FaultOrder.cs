using Dbt.Generators.Semantics.Tree;
using Dbt.Generators.Spec;
using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics;

/// <summary>Checks that a row changes nothing before the last thing in it that can fault, so that it can be executed again.</summary>
internal static class FaultOrder
{
    /// <summary>The first offence, or null.</summary>
    public static SpecDiagnostic? Check(IReadOnlyList<Statement> statements)
    {
        try
        {
            Visit(statements, null);
            return null;
        }
        catch (SemanticsException error)
        {
            return error.Diagnostic;
        }
    }

    // Gives what was changed so far on any path, null when nothing was.
    private static string? Visit(IReadOnlyList<Statement> statements, string? changed)
    {
        foreach (var statement in statements)
        {
            foreach (var node in statement.Expressions().SelectMany(TreeWalk.DescendantsAndSelf))
            {
                if (Purity.CanFault(node))
                    Fail(node.Location, changed, node is CsrRead ? "csrRead" : "a memory access");
                if (Purity.ChangesState(node))
                    changed = node is Call ? "the floating-point flags" : "memory";
            }
            changed = Visit(statement, changed);
        }
        return changed;
    }

    private static string? Visit(Statement statement, string? changed)
    {
        switch (statement)
        {
            case Store:
                Fail(statement.Location, changed, "a store");
                return "memory";
            case ZeroBlock or ManageBlock:
                Fail(statement.Location, changed, "a store");
                return "memory";
            case WriteState write:
                return changed ?? $"'{write.State.Name}'";
            case CsrWrite write:
                Fail(statement.Location, changed, "csrWrite");
                return $"'{write.Csr.Name}'";
            case Trap:
                Fail(statement.Location, changed, "a trap");
                return changed;
            case WriteRegister write:
                return changed ?? $"'{write.Field.Name}'";
            case If branch:
                var then = Visit(branch.Then, changed);
                var otherwise = Visit(branch.Otherwise, changed);
                return then ?? otherwise;
            default:
                return changed;
        }
    }

    private static void Fail(SpecLocation location, string? changed, string what)
    {
        if (changed != null)
            throw new SemanticsException(new SpecDiagnostic("DBT209", location, new([what, changed])));
    }
}
