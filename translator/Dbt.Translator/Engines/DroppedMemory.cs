namespace Dbt.Translator.Engines;

/// <summary>What is to be disposed when every hart that runs has seen a drop.</summary>
/// <param name="Drop">Number of the drop.</param>
/// <param name="Memory">What.</param>
internal sealed record DroppedMemory(long Drop, IDisposable Memory);
