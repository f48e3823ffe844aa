using Dbt.Generators.Spec.Model;
using Dbt.Generators.Spec.Reading;

namespace Dbt.Generators.Spec.Checking;

/// <summary>Checks how extensions refer to one another.</summary>
internal static class HeadChecker
{
    public static void Check(IReadOnlyList<ExtensionHead> heads, DiagnosticBag diagnostics)
    {
        var byName = new Dictionary<string, ExtensionHead>();
        foreach (var head in heads)
            if (byName.TryGetValue(head.Name, out var other))
                diagnostics.Add("DBT305", head.Location, head.Name, other.Path);
            else
                byName.Add(head.Name, head);
        foreach (var head in heads)
        {
            foreach (var name in head.Requires)
                CheckName(head, name, "requires", byName, diagnostics);
            foreach (var implication in head.Implies)
            {
                CheckName(head, implication.Extension, "implies", byName, diagnostics);
                foreach (var name in implication.With)
                    if (!byName.ContainsKey(name.Text))
                        diagnostics.Add("DBT303", name.Location, name.Text, Suggestion.For(name.Text, byName.Keys));
            }
            CheckCycle(head, "requires", other => other.Requires, byName, diagnostics);
            CheckCycle(head, "implies", other => other.Implies.Select(implication => implication.Extension), byName, diagnostics);
        }
    }

    private static void CheckName(
        ExtensionHead head, SpecText name, string verb, Dictionary<string, ExtensionHead> byName, DiagnosticBag diagnostics)
    {
        if (!byName.TryGetValue(name.Text, out var other))
            diagnostics.Add("DBT303", name.Location, name.Text, Suggestion.For(name.Text, byName.Keys));
        else if (other.Status == "draft" && head.Status != "draft")
            diagnostics.Add("DBT310", name.Location, head.Name, verb, other.Name);
    }

    // Reports a cycle at the link that its first extension (by name) contributes, once.
    private static void CheckCycle(
        ExtensionHead head, string verb, Func<ExtensionHead, IEnumerable<SpecText>> links,
        Dictionary<string, ExtensionHead> byName, DiagnosticBag diagnostics)
    {
        foreach (var link in links(head))
            if (FindPath(link.Text, head.Name, links, byName, []) is { } path
                && path.All(name => string.CompareOrdinal(head.Name, name) <= 0))
            {
                diagnostics.Add("DBT304", link.Location, head.Name, verb, string.Join(" → ", new[] { head.Name }.Concat(path)));
                return;
            }
    }

    private static List<string>? FindPath(
        string from, string to, Func<ExtensionHead, IEnumerable<SpecText>> links,
        Dictionary<string, ExtensionHead> byName, HashSet<string> seen)
    {
        if (from == to)
            return [from];
        if (!seen.Add(from) || !byName.TryGetValue(from, out var head))
            return null;
        foreach (var link in links(head))
            if (FindPath(link.Text, to, links, byName, seen) is { } path)
            {
                path.Insert(0, from);
                return path;
            }
        return null;
    }
}
