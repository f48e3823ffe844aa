namespace Dbt.Fuzz.Mutations;

/// <summary>The prebuilt guest programs of this repository.</summary>
internal static class GuestFiles
{
    // Larger ones take longer to load than to run.
    private const int LargestFile = 512 << 10;

    /// <summary>Names and contents of all but the largest, in a fixed order; none when there is no repository around the running program.</summary>
    public static IReadOnlyList<(string Name, byte[] File)> Read()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Dbt.sln")))
            directory = directory.Parent;
        if (directory is null)
            return [];
        var folder = Path.Combine(directory.FullName, "tests", "guests", "bin");
        return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => new FileInfo(path).Length <= LargestFile)
            .Order(StringComparer.Ordinal)
            .Select(path => (Path.GetRelativePath(folder, path), File.ReadAllBytes(path)))
            .ToArray();
    }
}
