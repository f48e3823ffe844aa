using System.ComponentModel;
using System.Diagnostics;

namespace Dbt.Lab.Tools;

/// <summary>Runs programs that others wrote.</summary>
internal static class ExternalTool
{
    /// <summary>Runs a command with a text as its standard input; null when it is not installed.</summary>
    /// <param name="limit">After which it is killed.</param>
    /// <param name="input">The text.</param>
    /// <param name="words">The command and its arguments.</param>
    public static ToolResult? Run(TimeSpan limit, string input, params IReadOnlyList<string> words)
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            return null;
        }
        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            if (!process.WaitForExit(limit))
                process.Kill(entireProcessTree: true);
            process.WaitForExit();
            return new ToolResult(process.ExitCode, output.Result, error.Result);
        }
    }
}
