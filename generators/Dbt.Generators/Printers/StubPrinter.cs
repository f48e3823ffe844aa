namespace Dbt.Generators.Printers;

/// <summary>Stands in for a printer that is not there yet.</summary>
internal sealed class StubPrinter(string name) : IPrinter
{
    public string Name => name;

    public Fragment PrintExtension(ExtensionInput input) => Fragment.Empty;

    public IEnumerable<PrintedFile> PrintIsa(IsaInput input) => [];
}
