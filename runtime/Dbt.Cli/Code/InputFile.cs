using Dbt.Cli.Errors;

namespace Dbt.Cli.Code;

/// <summary>Reads files that the user names.</summary>
internal static class InputFile
{
    /// <summary>All bytes of a file.</summary>
    /// <exception cref="UserException">It is not there, not a file, or may not be read.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            if (Directory.Exists(path))
                throw new UserException(path, "is a directory", null, ExitCode.NotExecutable);
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserException(path, "not found", null, ExitCode.NotFound);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException(path, error is UnauthorizedAccessException ? "permission denied" : error.Message, null, ExitCode.NotExecutable);
        }
    }
}
