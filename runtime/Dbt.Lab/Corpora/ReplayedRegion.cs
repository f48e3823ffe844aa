namespace Dbt.Lab.Corpora;

/// <summary>What one engine made of a region.</summary>
/// <param name="Start">Guest address of the region.</param>
/// <param name="Title">What people call it.</param>
/// <param name="Share">How much of the program it stands for, as a fraction.</param>
/// <param name="Instructions">Guest instructions that are executed.</param>
/// <param name="Nanoseconds">The fastest of the runs.</param>
/// <param name="CompileMicroseconds">Decoding and compiling everything in it.</param>
/// <param name="Translations">How many translations were made.</param>
/// <param name="HostBytes">Bytes of host code in them; 0 when the engine has none.</param>
/// <param name="PredictedCycles">What llvm-mca expects it to take; null without llvm-mca, or without host code.</param>
internal sealed record ReplayedRegion(
    ulong Start,
    string Title,
    double Share,
    long Instructions,
    double Nanoseconds,
    double CompileMicroseconds,
    int Translations,
    int HostBytes,
    double? PredictedCycles)
{
    /// <summary>Time of a guest instruction.</summary>
    public double NanosecondsPerInstruction => Nanoseconds / Instructions;
}
