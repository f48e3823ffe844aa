namespace Dbt.Cli.Errors;

/// <summary>A mistake that the user can mend: shown as one line, never with a stack trace.</summary>
/// <param name="message">One line: what it is about, what is wrong with it, what to do instead.</param>
/// <param name="exitCode">One of <see cref="Errors.ExitCode"/>.</param>
internal sealed class UserException(string message, int exitCode) : Exception(message)
{
    /// <summary>Puts the line together.</summary>
    /// <param name="subject">What it is about: a file, an option, a command.</param>
    /// <param name="cause">What is wrong with it.</param>
    /// <param name="wayOut">What to do instead; null when that is plain.</param>
    /// <param name="exitCode">One of <see cref="Errors.ExitCode"/>.</param>
    public UserException(string subject, string cause, string? wayOut, int exitCode)
        : this(wayOut is null ? $"{subject}: {cause}" : $"{subject}: {cause}; {wayOut}", exitCode)
    {
    }

    /// <summary>Exit code of the process.</summary>
    public int ExitCode => exitCode;

    /// <summary>A command line that makes no sense.</summary>
    public static UserException Usage(string cause, string wayOut) => new("usage", cause, wayOut, Errors.ExitCode.Usage);
}
