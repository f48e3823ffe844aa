namespace Dbt.Generators.Spec.Model;

/// <summary>A stretch of one line of a spec file. Line and column count from 0, as Roslyn's do.</summary>
internal readonly record struct SpecLocation(string Path, int Line, int Column, int Length);
