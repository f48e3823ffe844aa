using System.Reflection;
using Dbt.Isa;
using Dbt.Isa.Riscv;

namespace Dbt.Semantics.Cases;

/// <summary>All cases.</summary>
public static class SemanticTable
{
    /// <summary>The cases of every file, in order.</summary>
    public static IReadOnlyList<SemanticCase> All { get; } = [.. ReadAll()];

    /// <summary>The guests that cases are about.</summary>
    public static IReadOnlyList<GuestIsa> Guests { get; } = [RiscvRv32.Instance, RiscvRv64.Instance];

    /// <summary>The guest of a case.</summary>
    public static GuestIsa GuestOf(SemanticCase semanticCase) => Guests.Single(guest => guest.Name == semanticCase.Variant);

    /// <summary>Operations that no case executes, as <c>rv64 addi</c>.</summary>
    public static IEnumerable<string> Untested()
    {
        var tested = All.Select(semanticCase => $"{semanticCase.Variant} {semanticCase.Mnemonic}").ToHashSet();
        return from guest in Guests
               from operation in guest.Operations
               where operation != null && !tested.Contains($"{guest.Name} {operation.Mnemonic}")
               select $"{guest.Name} {operation.Mnemonic}";
    }

    private static IEnumerable<SemanticCase> ReadAll()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var file in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".cases", StringComparison.Ordinal)).Order())
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(file)!);
            for (var line = 1; reader.ReadLine() is { } text; line++)
                foreach (var semanticCase in SemanticCase.Parse($"{file}:{line}", text))
                    yield return semanticCase;
        }
    }
}
