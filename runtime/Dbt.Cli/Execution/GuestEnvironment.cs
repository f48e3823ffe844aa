using System.Collections;

namespace Dbt.Cli.Execution;

/// <summary>The environment that a guest gets: this process's own with changes.</summary>
internal static class GuestEnvironment
{
    /// <summary>NAME=VALUE for each variable.</summary>
    /// <param name="set">NAME=VALUE to add or to replace.</param>
    /// <param name="unset">Names to leave out.</param>
    public static IReadOnlyList<string> Create(IReadOnlyList<string> set, IReadOnlyList<string> unset)
    {
        var variables = new Dictionary<string, string>();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        foreach (var name in unset)
            variables.Remove(name);
        foreach (var assignment in set)
        {
            var end = assignment.IndexOf('=');
            variables[assignment[..end]] = assignment[(end + 1)..];
        }
        var result = new string[variables.Count];
        var count = 0;
        foreach (var (name, value) in variables)
            result[count++] = name + "=" + value;
        return result;
    }
}
