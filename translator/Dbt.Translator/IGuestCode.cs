namespace Dbt.Translator;

/// <summary>Where engines fetch guest instructions from.</summary>
public interface IGuestCode
{
    /// <summary>
    /// Copies up to <paramref name="destination"/>.Length bytes of executable guest memory from <paramref name="address"/> on.
    /// Returns how many were copied: fewer when the executable mapping ends earlier, 0 when the address may not be fetched from. Never throws.
    /// </summary>
    int Fetch(ulong address, Span<byte> destination);
}
