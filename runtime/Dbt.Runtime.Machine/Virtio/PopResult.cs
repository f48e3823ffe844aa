namespace Dbt.Runtime.Machine.Virtio;

/// <summary>What came of looking for the next buffer of a queue.</summary>
internal enum PopResult
{
    /// <summary>There is none.</summary>
    Empty,

    /// <summary>Here it is.</summary>
    Popped,

    /// <summary>The queue breaks the rules: nothing of it can be trusted until the device is reset.</summary>
    Broken,
}
