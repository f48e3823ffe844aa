namespace Dbt.Isa;

/// <summary>
/// Reads the names that people and toolchains give to sets of extensions: <c>rv64gc_zba</c>, <c>rv64i2p1_m2p0_zicsr2p0</c>
/// (manual, volume I, "ISA Extension Naming Conventions"), or <c>+zba,zbb</c> for the default set and these.
/// </summary>
public static class IsaString
{
    private const string With = " with ";

    /// <summary>
    /// Reads the name of a set. What an extension implies comes with it. False when the text is not one, names an extension
    /// that the specs do not have, or leaves out one that another requires; <paramref name="error"/> then says so in one line.
    /// </summary>
    public static bool TryParse(GuestIsa isa, string text, out ExtensionSet extensions, out string error)
    {
        ArgumentNullException.ThrowIfNull(isa);
        ArgumentNullException.ThrowIfNull(text);
        extensions = default;
        error = "";
        IEnumerable<string> names;
        if (text.StartsWith('+'))
        {
            extensions = isa.DefaultExtensions;
            names = text.Split([',', '+', '_'], StringSplitOptions.RemoveEmptyEntries);
        }
        else if (text.StartsWith(isa.Name, StringComparison.OrdinalIgnoreCase) && text.Length > isa.Name.Length)
        {
            names = Names(text[isa.Name.Length..]);
        }
        else
        {
            error = $"'{text}' is not an ISA string of {isa.Name}, such as '{isa.Name}gc'";
            return false;
        }
        foreach (var name in names)
        {
            if (Find(isa, name) is not { } extension)
            {
                error = $"no extension '{name}' is implemented for {isa.Name}{Nearest(isa, name)}";
                return false;
            }
            extensions = extensions.With(extension.Index);
        }
        extensions = WithImplied(isa, extensions);
        error = MissingRequirement(isa, extensions);
        return error.Length == 0;
    }

    /// <summary>
    /// The shortest name of a set that <see cref="TryParse"/> reads back: what others imply is left out, e.g. <c>rv64gc_zicond</c>.
    /// </summary>
    public static string Format(GuestIsa isa, ExtensionSet extensions)
    {
        ArgumentNullException.ThrowIfNull(isa);
        var shortest = extensions;
        // From the last to the first: short names that stand for many come early, but nothing is left out that they do not bring back.
        foreach (var extension in isa.Extensions.Where(extension => extensions.Contains(extension.Index)).Reverse().OrderBy(extension => extension.OperationCount == 0))
            if (WithImplied(isa, shortest.Without(extension.Index)) is var rest && rest.Contains(extensions))
                shortest = shortest.Without(extension.Index);
        var names = isa.Extensions.Where(extension => shortest.Contains(extension.Index)).Select(extension => extension.Name.ToLowerInvariant()).ToArray();
        var singles = string.Concat(names.Where(name => name.Length == 1));
        var longer = string.Join('_', names.Where(name => name.Length > 1));
        return isa.Name + singles + (singles.Length > 0 && longer.Length > 0 ? "_" : "") + longer;
    }

    /// <summary>The extension of that name, in any case; null when there is none.</summary>
    public static ExtensionInfo? Find(GuestIsa isa, string name)
    {
        ArgumentNullException.ThrowIfNull(isa);
        return isa.Extensions.FirstOrDefault(extension => string.Equals(extension.Name, name, StringComparison.OrdinalIgnoreCase));
    }

    // Single letters stand side by side; a longer name starts with z, s or x and goes on to the next underscore. Versions are dropped.
    private static IEnumerable<string> Names(string text)
    {
        foreach (var part in text.Split('_', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = 0;
            while (at < part.Length)
            {
                var isLong = char.ToLowerInvariant(part[at]) is 'z' or 's' or 'x';
                var end = isLong ? part.Length : at + 1;
                yield return isLong ? WithoutVersion(part[at..end]) : part[at..end];
                at = isLong ? end : SkipVersion(part, end);
            }
        }
    }

    private static int SkipVersion(string text, int at)
    {
        var end = SkipDigits(text, at);
        if (end > at && end < text.Length && text[end] is 'p' or 'P')
            end = SkipDigits(text, end + 1);
        return end;
    }

    private static int SkipDigits(string text, int at)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        return at;
    }

    private static string WithoutVersion(string name)
    {
        var minor = name.AsSpan().TrimEnd("0123456789");
        if (minor.Length == name.Length || minor is [] || minor[^1] is not ('p' or 'P'))
            return name;
        var major = minor[..^1];
        var bare = major.TrimEnd("0123456789");
        return bare.Length == major.Length ? name : bare.ToString();
    }

    // A typing error is most often one letter: the known name that shares the most pairs of letters.
    private static string Nearest(GuestIsa isa, string name)
    {
        static HashSet<string> Pairs(string text) => [.. Enumerable.Range(0, Math.Max(0, text.Length - 1)).Select(i => text.Substring(i, 2).ToLowerInvariant())];
        var pairs = Pairs(name);
        var best = isa.Extensions.MaxBy(extension => Pairs(extension.Name).Count(pairs.Contains));
        return best is null || name.Length < 3 || Pairs(best.Name).Count(pairs.Contains) * 2 < pairs.Count ? "" : $"; did you mean '{best.Name.ToLowerInvariant()}'?";
    }

    private static ExtensionSet WithImplied(GuestIsa isa, ExtensionSet set)
    {
        ExtensionSet before;
        do
        {
            before = set;
            foreach (var extension in isa.Extensions.Where(extension => before.Contains(extension.Index)))
                foreach (var implied in extension.Implies)
                    if (Implication(isa, implied, set) is { } index)
                        set = set.With(index);
        }
        while (set != before);
        return set;
    }

    // "Zcd with D": only when D is on too.
    private static int? Implication(GuestIsa isa, string implied, ExtensionSet set)
    {
        var parts = implied.Split(With);
        var conditions = parts.Length < 2 ? [] : parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return conditions.All(name => Find(isa, name) is { } other && set.Contains(other.Index)) ? Find(isa, parts[0])?.Index : null;
    }

    private static string MissingRequirement(GuestIsa isa, ExtensionSet set)
    {
        foreach (var extension in isa.Extensions.Where(extension => set.Contains(extension.Index)))
            foreach (var required in extension.Requires)
                if (Find(isa, required) is { } other && !set.Contains(other.Index))
                    return $"{extension.Name} requires {other.Name}";
        return "";
    }
}
