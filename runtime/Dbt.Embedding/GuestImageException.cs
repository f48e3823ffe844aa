namespace Dbt.Embedding;

/// <summary>A file that is no program for this guest, or does not fit into its memory, with the reason in one line.</summary>
/// <param name="message">The reason.</param>
/// <param name="inner">What else is known.</param>
public sealed class GuestImageException(string message, Exception? inner = null) : Exception(message, inner);
