namespace Dbt.Generators;

/// <summary>Names of the generator's steps, for tests that ask whether a step ran again.</summary>
internal static class TrackingNames
{
    public const string File = "Dbt.File";
    public const string Isa = "Dbt.Isa";
    public const string Head = "Dbt.Head";
    public const string Extension = "Dbt.Extension";
    public const string Check = "Dbt.Check";
    public const string Input = "Dbt.Input";
    public const string Printers = "Dbt.Printers";

    public static string Fragment(string printer) => "Dbt.Fragment." + printer;
}
