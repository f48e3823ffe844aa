namespace Dbt.Translator.Cache;

/// <summary>The unit in which guest code is mapped and invalidated.</summary>
internal static class GuestPage
{
    /// <summary>Bytes in a page: the smallest page of every guest here.</summary>
    public const int Size = 4096;

    /// <summary>Number of the page of an address.</summary>
    public static ulong Of(ulong address) => address / Size;
}
