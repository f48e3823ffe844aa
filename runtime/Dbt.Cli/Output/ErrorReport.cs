using Dbt.Cli.Errors;

namespace Dbt.Cli.Output;

/// <summary>Writes errors to standard error, one line each: <c>dbt: what: cause; way out</c>.</summary>
internal static class ErrorReport
{
    private const string DebugVariable = "DBT_DEBUG";

    /// <summary>Reports a user's mistake and gives the exit code.</summary>
    public static int Write(UserException error)
    {
        WriteLine(error.Message);
        return error.ExitCode;
    }

    /// <summary>Reports what must not happen and gives the exit code. The stack trace is shown only to those who ask.</summary>
    public static int WriteUnexpected(Exception error)
    {
        if (Environment.GetEnvironmentVariable(DebugVariable) is { Length: > 0 })
            Console.Error.WriteLine(error);
        else
            WriteLine($"internal error: {error.GetType().Name}: {OneLine(error.Message)}; please report it with the output of "
                + $"'dbt --version' and of the same command under {DebugVariable}=1");
        return ExitCode.Internal;
    }

    /// <summary>Writes one line about something that is no error.</summary>
    public static void Warn(string message) => WriteLine("warning: " + message);

    private static void WriteLine(string message) => Console.Error.WriteLine("dbt: " + OneLine(message));

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
