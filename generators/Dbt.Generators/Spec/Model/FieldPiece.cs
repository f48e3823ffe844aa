namespace Dbt.Generators.Spec.Model;

/// <summary>Bits High down to Low of an encoding.</summary>
internal readonly record struct FieldPiece(int High, int Low)
{
    public int Width => High - Low + 1;
}
