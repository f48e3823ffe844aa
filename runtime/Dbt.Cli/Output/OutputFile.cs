using Dbt.Cli.Errors;

namespace Dbt.Cli.Output;

/// <summary>Writes files that the user names.</summary>
internal static class OutputFile
{
    /// <summary>Finds out whether a file can be written before much time is spent on what is to be in it.</summary>
    /// <exception cref="UserException">It cannot.</exception>
    public static void Check(string path) => Try(path, () => File.Open(path, FileMode.OpenOrCreate, FileAccess.Write).Dispose());

    /// <summary>Writes a file.</summary>
    /// <exception cref="UserException">It cannot be written.</exception>
    public static void Write(string path, string text) => Try(path, () => File.WriteAllText(path, text));

    /// <summary>Writes a file.</summary>
    /// <exception cref="UserException">It cannot be written.</exception>
    public static void Write(string path, byte[] bytes) => Try(path, () => File.WriteAllBytes(path, bytes));

    private static void Try(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserException(path, $"cannot be written: {error.Message}", null, ExitCode.Failure);
        }
    }
}
