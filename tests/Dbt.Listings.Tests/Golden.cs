using System.Reflection;

namespace Dbt.Listings.Tests;

/// <summary>Committed texts that the program's own are compared with.</summary>
internal static class Golden
{
    private const string AcceptVariable = "DBT_ACCEPT_LISTINGS";

    // Of a changed listing as much as one reads; 'git diff' has the rest after it is accepted.
    private const int ShownLines = 40;

    private static readonly string s_root = typeof(Golden).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    /// <summary>A file of this project.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([s_root, "tests", "Dbt.Listings.Tests", .. parts]);

    /// <summary>Compares a text with the listing of that name; with DBT_ACCEPT_LISTINGS=1, replaces it instead.</summary>
    public static void Equal(string name, string actual)
    {
        var path = PathOf("Listings", name + ".txt");
        if (Environment.GetEnvironmentVariable(AcceptVariable) is { Length: > 0 })
        {
            File.WriteAllText(path, actual);
            return;
        }
        var expected = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        if (actual != expected)
            Assert.Fail($"The host code of {name} changed. If it became better, or worse for a reason, accept it and commit:\n"
                + $"    {AcceptVariable}=1 dotnet test tests/Dbt.Listings.Tests\n{Difference(expected.Split('\n'), actual.Split('\n'))}");
    }

    // Listings change in place, mostly: the lines of each that the other does not have, in order, say enough.
    private static string Difference(string[] expected, string[] actual)
    {
        var gone = expected.Except(actual).Select(line => "- " + line);
        var come = actual.Except(expected).Select(line => "+ " + line);
        return string.Join('\n', gone.Take(ShownLines).Concat(come.Take(ShownLines)));
    }
}
