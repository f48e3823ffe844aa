using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Spec.Reading;

/// <summary>The fields that an extension's rows may name: the ISA's, its own, and those of extensions that it requires, nearest first.</summary>
internal sealed class FieldScope
{
    private readonly IsaModel isa;
    private readonly List<ScopedField> fields = [];

    public FieldScope(IsaModel isa, ExtensionHead head, IReadOnlyList<ExtensionHead> heads)
    {
        this.isa = isa;
        var all = isa.Variants.Select(variant => variant.Name).ToArray();
        fields.AddRange(isa.Fields.Select(field => new ScopedField(field, new(all))));
        var queue = new Queue<ExtensionHead>();
        var seen = new HashSet<string> { head.Name };
        queue.Enqueue(head);
        while (queue.Count > 0)
        {
            var next = queue.Dequeue();
            fields.AddRange(next.Fields);
            foreach (var required in next.Requires)
                if (seen.Add(required.Text) && heads.FirstOrDefault(other => other.Name == required.Text) is { } found)
                    queue.Enqueue(found);
        }
    }

    public IEnumerable<string> Names => fields.Select(scoped => scoped.Field.Name).Distinct();

    /// <summary>The field with this name in all of these variants.</summary>
    public FieldModel? Find(string name, EquatableArray<string> variants) =>
        fields.FirstOrDefault(field => field.Field.Name == name && variants.All(field.Variants.Contains))?.Field;

    /// <summary>Whether some register has this ABI name.</summary>
    public bool IsRegister(string name) => isa.RegisterFiles.Any(file => file.Names.Contains(name));

    public IEnumerable<string> Registers => isa.RegisterFiles.SelectMany(file => file.Names);
}
