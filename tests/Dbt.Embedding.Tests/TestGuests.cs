namespace Dbt.Embedding.Tests;

/// <summary>The prebuilt guest programs of this repository.</summary>
internal static class TestGuests
{
    public static string Functions => PathOf("tests/guests/bin/embedded/functions");

    public static string PathOf(string name)
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Dbt.sln")))
            directory = directory.Parent ?? throw new DirectoryNotFoundException("The tests run outside of the repository.");
        return Path.Combine(directory.FullName, name);
    }
}
