namespace Dbt.Cli.Errors;

/// <summary>Exit codes of <c>dbt</c> that are not the guest's own; the same as a shell's.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>The command worked, the input was not what it asks for (an undecodable word, an unknown symbol).</summary>
    public const int Failure = 1;

    /// <summary>The command line makes no sense.</summary>
    public const int Usage = 2;

    /// <summary>A defect in <c>dbt</c> itself.</summary>
    public const int Internal = 125;

    /// <summary>The file is there but cannot be executed.</summary>
    public const int NotExecutable = 126;

    /// <summary>The file is not there.</summary>
    public const int NotFound = 127;

    /// <summary>The guest died of a signal.</summary>
    public static int Signal(int number) => 128 + number;
}
