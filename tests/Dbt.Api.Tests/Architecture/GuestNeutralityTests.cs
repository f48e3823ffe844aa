using System.Text.RegularExpressions;

namespace Dbt.Api.Tests.Architecture;

/// <summary>
/// An instruction is one line in isa-specs: nothing else knows it, but for folders of one guest (<c>Riscv</c>)
/// and what <see cref="Words"/> and <see cref="Places"/> give a reason for. Comments may take one as an example.
/// </summary>
public sealed partial class GuestNeutralityTests
{
    private static readonly string[] Rooms = ["generators", "translator", "runtime"];

    /// <summary>Mnemonics that are also words of English, of C# or of arithmetic: they mean nothing in themselves.</summary>
    private static readonly Dictionary<string, string> Words = new()
    {
        ["add"] = "arithmetic, and collections have it",
        ["and"] = "English, and logic",
        ["clz"] = "a function of the spec language",
        ["ctz"] = "a function of the spec language",
        ["div"] = "arithmetic",
        ["fence"] = "the name of the concept: memory fences, instruction fences",
        ["mul"] = "arithmetic",
        ["or"] = "English, and logic",
        ["pause"] = "English",
        ["rem"] = "arithmetic",
        ["sub"] = "arithmetic",
        ["xor"] = "logic",
    };

    /// <summary>Files that name instructions, each with the reason.</summary>
    private static readonly Dictionary<string, string> Places = new()
    {
    };

    [Fact]
    public void Sources_mention_no_instruction_of_a_guest()
    {
        var found = Mentions().Where(mention => !Places.ContainsKey(mention.Path)).Select(mention => $"{mention.Path}:{mention.Line}: {mention.Word}");
        Assert.True(!found.Any(), string.Join('\n', found));
    }

    [Fact]
    public void Every_exception_is_needed()
    {
        var mentioned = Mentions().Select(mention => mention.Path);
        Assert.Empty(Places.Keys.Except(mentioned));
        Assert.Empty(Words.Keys.Except(GuestMnemonics.All));
    }

    [Fact]
    public void There_are_mnemonics_to_look_for() => Assert.True(GuestMnemonics.All.Count > 100);

    private static IEnumerable<(string Path, int Line, string Word)> Mentions() =>
        from room in Rooms
        from path in Directory.EnumerateFiles(Path.Combine(Repository.Root, room), "*.cs", SearchOption.AllDirectories)
        let relative = Path.GetRelativePath(Repository.Root, path)
        where !relative.Split('/').Any(folder => folder is "Riscv" or "bin" or "obj")
        from mention in File.ReadAllLines(path).SelectMany((text, index) => Word().Matches(Comment().Replace(text, "")).Select(match => (Line: index + 1, Word: match.Value)))
        where GuestMnemonics.All.Contains(mention.Word) && !Words.ContainsKey(mention.Word)
        select (relative, mention.Line, mention.Word);

    // Mnemonics are lower case with dots inside; as parts of longer identifiers they mean something else.
    [GeneratedRegex(@"(?<![\w.-])[a-z][a-z0-9]*(\.[a-z0-9]+)*(?![\w-])")]
    private static partial Regex Word();

    [GeneratedRegex("//.*$")]
    private static partial Regex Comment();
}
