using System.Diagnostics;
using System.Reflection;

namespace Dbt.Api.Tests.PublicApi;

/// <summary>What is promised to programs that embed guests: that they keep running when they were compiled against the first release.</summary>
public sealed class EmbeddingTests
{
    [Fact]
    public void Has_no_types_of_other_assemblies()
    {
        var assembly = Assemblies.Load("Dbt.Embedding");
        var foreign = ApiPrinter.Print(assembly).Split('\n').Where(line => line.Contains("Dbt.", StringComparison.Ordinal) && !line.StartsWith("namespace Dbt.Embedding", StringComparison.Ordinal));
        Assert.Empty(foreign);
        var types = assembly.GetExportedTypes().SelectMany(type => type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)).SelectMany(TypesOf);
        Assert.DoesNotContain(types, type => type.Assembly != assembly && type.Assembly.GetName().Name!.StartsWith("Dbt", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Package_is_compatible_with_the_first_release()
    {
        var output = Directory.CreateTempSubdirectory("dbt-pack-").FullName;
        try
        {
            var start = new ProcessStartInfo("dotnet", ["pack", Path.Combine(Repository.Root, "runtime", "Dbt.Embedding"), "-c", Configuration, "--no-build", "--nologo", "-v", "quiet", "-o", output])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var pack = Process.Start(start)!;
            var errors = pack.StandardError.ReadToEndAsync();
            var text = await pack.StandardOutput.ReadToEndAsync() + await errors;
            await pack.WaitForExitAsync();
            Assert.True(pack.ExitCode == 0, text);
            Assert.Single(Directory.GetFiles(output, "Dbt.Embedding.*.nupkg"));
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }
    }

    private static string Configuration => typeof(EmbeddingTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    private static IEnumerable<Type> TypesOf(MemberInfo member) => member switch
    {
        MethodInfo method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType).SelectMany(Parts),
        ConstructorInfo constructor => constructor.GetParameters().SelectMany(parameter => Parts(parameter.ParameterType)),
        _ => [],
    };

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!) : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type) : [type];
}
