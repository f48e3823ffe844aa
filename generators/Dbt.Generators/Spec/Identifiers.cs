namespace Dbt.Generators.Spec;

/// <summary>Names for C#.</summary>
internal static class Identifiers
{
    /// <summary>Pascal case of a name with dots: <c>amoadd.w</c> is <c>AmoaddW</c>.</summary>
    public static string FromMnemonic(string mnemonic) =>
        string.Concat(mnemonic.Split('.', '_').Where(part => part.Length > 0).Select(part => char.ToUpperInvariant(part[0]) + part.Substring(1)));
}
