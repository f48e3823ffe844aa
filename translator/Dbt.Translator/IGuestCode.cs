namespace Dbt.Translator;

/// <summary>Where engines fetch guest instructions from.</summary>
public interface IGuestCode
{
    /// <summary>
    /// Copies up to <paramref name="destination"/>.Length bytes of executable guest memory from <paramref name="address"/> on.
    /// Returns how many were copied: fewer when the executable mapping ends earlier, 0 when the address may not be fetched from. Never throws.
    /// </summary>
    int Fetch(ulong address, Span<byte> destination);

    /// <summary>
    /// Whether the bytes of a guest page may be other ones than they were, without a call of <see cref="Engines.IEngine.Invalidate"/>: because the
    /// guest can write there. A fence looks at such pages only.
    /// </summary>
    /// <param name="address">Any address in the page.</param>
    bool MayChange(ulong address) => true;
}
