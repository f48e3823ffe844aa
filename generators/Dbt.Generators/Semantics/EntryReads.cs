using Dbt.Generators.Semantics.Tree;

namespace Dbt.Generators.Semantics;

/// <summary>
/// Operands are read at entry: a register that is read behind a write to its file (which may hit the same register)
/// is read into a local before anything else. So printers may print statements in the order in which they stand.
/// </summary>
internal static class EntryReads
{
    public static IReadOnlyList<Statement> Hoist(IReadOnlyList<Statement> statements)
    {
        var late = new Dictionary<string, RegisterRead>();
        Find(statements, [], late);
        if (late.Count == 0)
            return statements;
        var number = statements.WithNested().OfType<DeclareLocal>().Count();
        var locals = late.Values.ToDictionary(
            read => read.Field.Name,
            read => new Local(read.Field.Name, read.Type, number++));
        Expression Replace(Expression expression) =>
            expression is RegisterRead read && locals.TryGetValue(read.Field.Name, out var local)
                ? new LocalRead(read.Location, read.Type, local)
                : expression.MapChildren(Replace);
        var hoisted = late.Values.Select(read => new DeclareLocal(read.Location, locals[read.Field.Name], read));
        return [.. hoisted, .. statements.Select(statement => statement.MapExpressions(Replace))];
    }

    private static void Find(IReadOnlyList<Statement> statements, HashSet<string> writtenFiles, Dictionary<string, RegisterRead> late)
    {
        foreach (var statement in statements)
        {
            foreach (var node in statement.Expressions().SelectMany(TreeWalk.DescendantsAndSelf))
                if (node is RegisterRead read && writtenFiles.Contains(read.Field.RegisterFile))
                    late[read.Field.Name] = read;
            if (statement is WriteRegister write)
                writtenFiles.Add(write.Field.RegisterFile);
            if (statement is If branch)
            {
                Find(branch.Then, writtenFiles, late);
                Find(branch.Otherwise, writtenFiles, late);
            }
        }
    }
}
