using Dbt.Embedding.Tests.Samples;

namespace Dbt.Embedding.Tests;

public class SampleTests
{
    [Fact]
    public void Samples_do_what_they_show()
    {
        Assert.Equal("55\n", OutputOf(() => CallFunction.Run(TestGuests.Functions)));
        Assert.Equal("Hypercall 42\n", OutputOf(RawCode.Run));
        Assert.Equal("43\ndevice: 100\n", OutputOf(() => Handlers.Run(TestGuests.Functions)));
    }

    // The note shows them as they are.
    [Theory]
    [InlineData("CallFunction")]
    [InlineData("RawCode")]
    [InlineData("Handlers")]
    [InlineData("BootKernel")]
    public void The_note_has_the_samples_as_they_are_compiled(string name)
    {
        var sample = File.ReadAllLines(TestGuests.PathOf($"tests/Dbt.Embedding.Tests/Samples/{name}.cs"));
        var body = sample.SkipWhile(line => !line.StartsWith("    {", StringComparison.Ordinal)).Skip(1).TakeWhile(line => line != "    }").Select(line => line.Length > 8 ? line[8..] : "");
        Assert.Contains(string.Join('\n', body), File.ReadAllText(TestGuests.PathOf("runtime/notes/0007-embedding.md")), StringComparison.Ordinal);
    }

    private static string OutputOf(Action run)
    {
        var console = Console.Out;
        using var text = new StringWriter();
        Console.SetOut(text);
        try
        {
            run();
        }
        finally
        {
            Console.SetOut(console);
        }
        return text.ToString();
    }
}
