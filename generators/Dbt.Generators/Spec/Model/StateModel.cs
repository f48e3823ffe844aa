namespace Dbt.Generators.Spec.Model;

/// <summary>A 64-bit word of a hart's system state: a <c>state</c> line.</summary>
/// <param name="Name">As semantics name it.</param>
/// <param name="Reset">Its value when a machine starts.</param>
/// <param name="Notifies">Whether a change is told to whoever runs the hart, before the next instruction.</param>
/// <param name="Fields">Its fields; none when all 64 bits are one value that may be anything.</param>
/// <param name="Location">Where its name stands.</param>
internal sealed record StateModel(string Name, ulong Reset, bool Notifies, EquatableArray<StateFieldModel> Fields, SpecLocation Location)
{
    /// <summary>Its name in C#.</summary>
    public string Identifier => char.ToUpperInvariant(Name[0]) + Name.Substring(1);
}
