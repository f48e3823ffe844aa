namespace Dbt.Api.Tests.PublicApi;

/// <summary>
/// The public API is what tests/Dbt.Api.Tests/Snapshots says. A change of it is accepted by running these tests
/// with DBT_ACCEPT_API=1, which rewrites the snapshots, and shows itself in the review.
/// </summary>
public sealed class PublicApiTests
{
    private const string AcceptVariable = "DBT_ACCEPT_API";

    public static TheoryData<string> Libraries => [.. Assemblies.Libraries];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Equals_its_snapshot(string assembly)
    {
        var path = Path.Combine(Repository.Root, "tests", "Dbt.Api.Tests", "Snapshots", assembly + ".txt");
        var actual = ApiPrinter.Print(Assemblies.Load(assembly));
        if (Environment.GetEnvironmentVariable(AcceptVariable) is { Length: > 0 })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }
        var expected = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        if (actual != expected)
            Assert.Fail($"The public API of {assembly} changed. If that is meant, run the tests with {AcceptVariable}=1 and commit:\n{TextDiff.Of(expected, actual)}");
    }

    [Fact]
    public void Printer_shows_what_callers_depend_on()
    {
        var text = ApiPrinter.Print([typeof(Sample<>), typeof(SampleRecord), typeof(SampleKind)]);
        Assert.Equal(
            """
            namespace Dbt.Api.Tests.PublicApi

            public abstract class Sample<T> : IDisposable where T : class, new()
              protected Sample(int number, string? name = null)
              public const long Limit = 5
              protected readonly int Field
              public abstract string? Name { get; protected set; }
              public event EventHandler? Changed
              public virtual void Dispose()
              public static bool TryGet(in ReadOnlySpan<byte> bytes, out T[]? value, params IEnumerable<int> rest)
              public static Sample<T> operator +(Sample<T> left, Sample<T> right)

            public enum SampleKind : byte
              None = 0
              Some = 4

            public sealed record SampleRecord : IEquatable<SampleRecord>
              public SampleRecord(int Value)
              public int Value { get; init; }

            """,
            text);
    }

    [Fact]
    public void Diff_shows_lines_that_went_and_came() =>
        Assert.Equal("- b\n+ c\n", TextDiff.Of("a\nb\nd\n", "a\nc\nd\n"));
}
