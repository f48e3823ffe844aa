using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Dbt.Api.Tests.Architecture;

/// <summary>Dependencies point one way: isa-specs → generators → translator → runtime → dbt.</summary>
public sealed class DependencyTests
{
    public static TheoryData<string> Everything => [.. Assemblies.Allowed.Keys];

    /// <summary>Those that dbt as native code consists of.</summary>
    public static TheoryData<string> AheadOfTime => ["Dbt.Isa", "Dbt.Translator", "Dbt.Runtime", "Dbt.Runtime.Linux", "Dbt.Runtime.Machine", "Dbt.Lab"];

    [Theory]
    [MemberData(nameof(Everything))]
    public void Refers_to_rooms_below_it_only(string assembly)
    {
        var rooms = References(assembly).Where(name => name.StartsWith("Dbt.", StringComparison.Ordinal));
        Assert.Empty(rooms.Except(Assemblies.Allowed[assembly]));
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void Only_the_command_and_the_laboratory_use_packages(string assembly)
    {
        var packages = References(assembly).Where(name => !name.StartsWith("Dbt.", StringComparison.Ordinal) && !IsFramework(name));
        Assert.Empty(packages.Except(Assemblies.Packages.GetValueOrDefault(assembly) ?? []));
    }

    [Theory]
    [MemberData(nameof(AheadOfTime))]
    public void Does_not_emit_code_by_reflection(string assembly) => Assert.Empty(EmitTypes(assembly));

    // What the SDK writes for IsAotCompatible, which turns the analyzers on; their warnings are errors as all others are.
    [Theory]
    [MemberData(nameof(AheadOfTime))]
    public void Is_checked_by_the_analyzers_for_native_code(string assembly) =>
        Assert.Contains(Assemblies.Load(assembly).GetCustomAttributes<AssemblyMetadataAttribute>(), attribute => attribute is { Key: "IsTrimmable", Value: "True" });

    [Fact]
    public void The_IL_engines_do_emit_code_by_reflection() => Assert.NotEmpty(EmitTypes("Dbt.Translator.Il"));

    private static bool IsFramework(string name) => (name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.Win32.", StringComparison.Ordinal))
        && File.Exists(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, name + ".dll"));

    private static List<string> References(string assembly) =>
        Read(assembly, metadata => metadata.AssemblyReferences
            .Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)).ToList());

    private static List<string> EmitTypes(string assembly) =>
        Read(assembly, metadata => (
            from handle in metadata.TypeReferences
            let type = metadata.GetTypeReference(handle)
            let space = metadata.GetString(type.Namespace)
            where space.StartsWith("System.Reflection.Emit", StringComparison.Ordinal)
            select $"{space}.{metadata.GetString(type.Name)}").ToList());

    private static T Read<T>(string assembly, Func<MetadataReader, T> read)
    {
        using var file = new PEReader(File.OpenRead(Assemblies.PathOf(assembly)));
        return read(file.GetMetadataReader());
    }
}
