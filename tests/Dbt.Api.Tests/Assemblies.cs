using System.Reflection;

namespace Dbt.Api.Tests;

/// <summary>The assemblies of the product.</summary>
internal static class Assemblies
{
    /// <summary>Those that others build on, in the order of their dependencies, with what each may refer to.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Allowed = new Dictionary<string, string[]>
    {
        ["Dbt.Isa"] = [],
        ["Dbt.Translator"] = ["Dbt.Isa"],
        ["Dbt.Translator.Il"] = ["Dbt.Isa", "Dbt.Translator"],
        ["Dbt.Runtime"] = ["Dbt.Isa", "Dbt.Translator"],
        ["Dbt.Runtime.Linux"] = ["Dbt.Isa", "Dbt.Translator", "Dbt.Runtime"],
        ["Dbt.Runtime.Machine"] = ["Dbt.Isa", "Dbt.Translator", "Dbt.Runtime"],
        ["Dbt.Embedding"] = ["Dbt.Isa", "Dbt.Translator", "Dbt.Runtime", "Dbt.Runtime.Machine"],
        ["Dbt.Lab"] = ["Dbt.Isa", "Dbt.Translator", "Dbt.Runtime", "Dbt.Runtime.Linux"],
        ["dbt"] = ["Dbt.Isa", "Dbt.Translator", "Dbt.Translator.Il", "Dbt.Runtime", "Dbt.Runtime.Linux", "Dbt.Runtime.Machine", "Dbt.Lab"],
    };

    /// <summary>Packages, and who may use them.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Packages = new Dictionary<string, string[]>
    {
        ["Dbt.Lab"] = ["Iced"],
        ["dbt"] = ["Spectre.Console", "System.CommandLine"],
    };

    /// <summary>Those that others build on. The laboratory is the command's own.</summary>
    public static IEnumerable<string> Libraries => Allowed.Keys.Where(name => name is not ("dbt" or "Dbt.Lab"));

    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, name + ".dll");

    public static Assembly Load(string name) => Assembly.LoadFrom(PathOf(name));
}
