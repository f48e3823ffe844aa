namespace Dbt.Runtime.Linux;

/// <summary>A program could not be started. The message is one line for the user.</summary>
/// <param name="message">What is wrong, with the file's name.</param>
/// <param name="exitCode">What a shell would return.</param>
public sealed class LinuxStartException(string message, int exitCode) : Exception(message)
{
    /// <summary>Exit code for something that exists and cannot be executed.</summary>
    public const int NotExecutable = 126;

    /// <summary>Exit code for something that does not exist.</summary>
    public const int NotFound = 127;

    /// <summary><see cref="NotExecutable"/> or <see cref="NotFound"/>, as shells do.</summary>
    public int ExitCode { get; } = exitCode;
}
