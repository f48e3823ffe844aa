namespace Dbt.Generators.Printers;

/// <summary>A file for the compiler.</summary>
/// <param name="Name">Unique over all printers, e.g. <c>Riscv.Decoder.g.cs</c>.</param>
/// <param name="Text">C#.</param>
internal readonly record struct PrintedFile(string Name, string Text);
