namespace Dbt.Generators.Printers;

/// <summary>Every printer there is.</summary>
internal static class PrinterList
{
    /// <summary>In no particular order: printers do not depend on one another.</summary>
    public static IReadOnlyList<IPrinter> All { get; } =
    [
    ];
}
