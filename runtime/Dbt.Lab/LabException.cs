namespace Dbt.Lab;

/// <summary>Something that the user of the laboratory can mend.</summary>
/// <param name="subject">What it is about: a file, a tool.</param>
/// <param name="cause">What is wrong with it.</param>
/// <param name="wayOut">What to do instead; null when that is plain.</param>
internal sealed class LabException(string subject, string cause, string? wayOut = null) : Exception(cause)
{
    /// <summary>What it is about.</summary>
    public string Subject => subject;

    /// <summary>What to do instead.</summary>
    public string? WayOut => wayOut;
}
