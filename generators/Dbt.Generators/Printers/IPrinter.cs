namespace Dbt.Generators.Printers;

/// <summary>
/// Prints one kind of C# from the model. A printer works in two steps, so that an edit of one extension prints
/// that extension again and nothing else: a fragment per extension, cached by its input, and then what needs them all.
/// Printers have no state; the list of them is <see cref="PrinterList"/>.
/// </summary>
internal interface IPrinter
{
    /// <summary>As a project asks for it in its <c>DbtPrinters</c> property.</summary>
    string Name { get; }

    /// <summary>What belongs to one extension: whole files, and parts for <see cref="PrintIsa"/> to put together.</summary>
    Fragment PrintExtension(ExtensionInput input);

    /// <summary>The files that need all extensions. Not called while a spec has errors.</summary>
    IEnumerable<PrintedFile> PrintIsa(IsaInput input);
}
