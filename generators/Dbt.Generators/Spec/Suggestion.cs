namespace Dbt.Generators.Spec;

/// <summary>"Did you mean …?" for a name that nobody knows.</summary>
internal static class Suggestion
{
    /// <summary>A sentence to append to a message, or nothing when no candidate is near.</summary>
    public static string For(string name, IEnumerable<string> candidates)
    {
        var best = "";
        var bestDistance = Math.Max(2, name.Length / 3 + 1);
        foreach (var candidate in candidates)
        {
            var distance = Distance(name.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (distance < bestDistance)
                (best, bestDistance) = (candidate, distance);
        }
        return best.Length == 0 ? "" : $" Did you mean '{best}'?";
    }

    // Levenshtein's distance, one row at a time.
    private static int Distance(string left, string right)
    {
        var row = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
            row[j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var substitution = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[right.Length];
    }
}
