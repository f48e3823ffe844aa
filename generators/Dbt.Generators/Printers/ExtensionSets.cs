using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Printers;

/// <summary>Sets of extensions as the bits of a <c>Dbt.Isa.ExtensionSet</c>.</summary>
internal static class ExtensionSets
{
    /// <summary>Every ratified extension that exists in the variant; they imply nothing that is not ratified (DBT310).</summary>
    public static IEnumerable<int> Default(IsaInput input, VariantModel variant) =>
        Indices(input.Extensions, extension => extension.Status == "ratified" && !extension.SystemOnly && Exists(extension, variant));

    /// <summary>Those, and the ratified ones that are for machines only.</summary>
    public static IEnumerable<int> System(IsaInput input, VariantModel variant) =>
        Indices(input.Extensions, extension => extension.Status == "ratified" && Exists(extension, variant));

    /// <summary>What must be on for an extension's rows to mean something: itself and all that it requires.</summary>
    public static IEnumerable<int> Needs(EquatableArray<ExtensionModel> extensions, ExtensionModel extension)
    {
        var names = new HashSet<string>();
        var queue = new Queue<string>([extension.Name]);
        while (queue.Count > 0)
            if (queue.Dequeue() is var name && names.Add(name))
                foreach (var required in extensions.First(other => other.Name == name).Requires)
                    queue.Enqueue(required);
        return Indices(extensions, other => names.Contains(other.Name));
    }

    /// <summary>The arguments that make an <c>ExtensionSet</c>.</summary>
    public static string Literal(IEnumerable<int> indices)
    {
        ulong low = 0, high = 0;
        foreach (var index in indices)
            if (index < 64)
                low |= 1UL << index;
            else
                high |= 1UL << index - 64;
        return high == 0 ? $"0x{low:x}UL" : $"0x{low:x}UL, 0x{high:x}UL";
    }

    // An extension with rows or registers for other variants only is not there.
    private static bool Exists(ExtensionModel extension, VariantModel variant)
    {
        var variants = extension.Rows.SelectMany(row => row.Variants).Concat(extension.Csrs.SelectMany(csr => csr.Variants)).ToArray();
        return variants.Length == 0 || variants.Contains(variant.Name);
    }

    private static IEnumerable<int> Indices(EquatableArray<ExtensionModel> extensions, Func<ExtensionModel, bool> condition) =>
        Enumerable.Range(0, extensions.Count).Where(index => condition(extensions[index]));
}
