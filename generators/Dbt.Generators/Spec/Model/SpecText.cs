namespace Dbt.Generators.Spec.Model;

/// <summary>A piece of text with the place where it stands.</summary>
internal readonly record struct SpecText(string Text, SpecLocation Location)
{
    /// <summary>The location of a part of it.</summary>
    public SpecLocation At(int offset, int length) =>
        new(Location.Path, Location.Line, Location.Column + offset, length);
}
