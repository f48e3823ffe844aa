namespace Dbt.Embedding;

/// <summary>A function of a guest did not return. The machine can still be used.</summary>
/// <param name="exit">Where it stopped.</param>
/// <param name="message">In words.</param>
public sealed class GuestException(HartExit exit, string message) : Exception(message)
{
    /// <summary>Where the guest stopped, and why.</summary>
    public HartExit Exit { get; } = exit;
}
