namespace Dbt.Lab.Code;

/// <summary>Guest addresses from <paramref name="Start"/> up to, not including, <paramref name="End"/>.</summary>
internal readonly record struct AddressRange(ulong Start, ulong End)
{
    /// <summary>Everything.</summary>
    public static AddressRange All { get; } = new(0, ulong.MaxValue);
}
