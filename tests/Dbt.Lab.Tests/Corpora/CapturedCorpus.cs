namespace Dbt.Lab.Tests.Corpora;

/// <summary>The corpus of a program that counts: one loop.</summary>
public sealed class CapturedCorpus : IDisposable
{
    /// <summary>Guest instructions of a region.</summary>
    public const long Length = 20_000;

    private readonly TemporaryFolder _folder = new();

    public CapturedCorpus() => DbtProcess.Run("lab", "capture", "-o", Path, "--length", "20000", DbtProcess.Guest("count"), "3000000").Exits(0);

    /// <summary>Its file.</summary>
    public string Path => _folder["count.corpus"];

    public void Dispose() => _folder.Dispose();
}
