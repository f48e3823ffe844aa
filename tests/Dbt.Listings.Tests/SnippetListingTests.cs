using System.Globalization;
using System.Text;
using Dbt.Isa.Riscv;

namespace Dbt.Listings.Tests;

/// <summary>Host code of snippets, in which instructions meet: what one of them knows helps the next.</summary>
public sealed class SnippetListingTests
{
    [Fact]
    public void Host_code_is_what_it_was()
    {
        var sizes = new StringBuilder();
        var listings = new StringBuilder();
        int instructions = 0, bytes = 0, cold = 0;
        foreach (var snippet in Snippet.ReadAll())
        {
            var compiled = Compiled.Of(RiscvRv64.Instance, snippet.Code, snippet.Counts);
            var hot = (from block in compiled.Blocks from part in block.Parts where !part.IsCold select (block, part)).ToList();
            var (count, size) = (hot.Sum(at => compiled.HostOf(at.block, at.part).Count), hot.Sum(at => at.part.Length));
            var coldSize = compiled.Blocks.Sum(block => block.HostCode.Length) - size;
            (instructions, bytes, cold) = (instructions + count, bytes + size, cold + coldSize);
            AppendSize(sizes, snippet.Title, snippet.Text.Count, count, size, coldSize);
            listings.Append(CultureInfo.InvariantCulture, $"\n== {snippet.Title}\n{compiled.Listing()}");
        }
        AppendSize(sizes, "all", Snippet.ReadAll().Sum(snippet => snippet.Text.Count), instructions, bytes, cold);
        Golden.Equal("snippets", $"{"",-50} guest  host bytes  cold\n{sizes}{listings}");
    }

    [Fact]
    public void Snippets_are_what_they_say() =>
        Assert.All(Snippet.ReadAll(), snippet => Assert.Equal(snippet.Text, Compiled.Of(RiscvRv64.Instance, snippet.Code).Guest));

    private static void AppendSize(StringBuilder text, string title, int guest, int host, int bytes, int cold) =>
        text.Append(CultureInfo.InvariantCulture, $"{title,-50} {guest,5} {host,5} {bytes,5} {cold,5}\n");
}
