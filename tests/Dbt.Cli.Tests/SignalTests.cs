namespace Dbt.Cli.Tests;

/// <summary>Guests that do one wrong thing each: 128 + n, one line that says where (not for a signal that was asked for), and no trace of ours.</summary>
public sealed class SignalTests
{
    private const int Segv = 139, Ill = 132, Trap = 133, Bus = 135, Term = 143;

    // See tests/guests/README.md.
    private static readonly (string Prefix, int Code)[] Ends =
    [
        ("wild-", Segv), ("null-", Segv), ("write-", Segv), ("execute-", Segv), ("load-", Segv), ("fetch-straddle", Segv), ("stack-overflow", Segv),
        ("illegal-", Ill), ("privileged", Ill), ("mret", Ill),
        ("breakpoint", Trap),
        ("misaligned-", Bus), ("file-end", Bus),
        ("kill-self", Term),
        ("huge-mmap", 0), ("bad-syscall", 0),
    ];

    public static TheoryData<string, string> Programs()
    {
        var data = new TheoryData<string, string>();
        foreach (var path in Directory.EnumerateFiles(DbtProcess.Guest("hostile")))
            foreach (var engine in DbtProcess.Engines)
                data.Add(Path.GetFileName(path), engine);
        return data;
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Hostile_guest_ends_as_it_should(string program, string engine)
    {
        var code = Ends.Single(end => program.StartsWith(end.Prefix, StringComparison.Ordinal)).Code;
        var result = DbtProcess.Run("run", "--engine", engine, DbtProcess.Guest("hostile/" + program));
        if (code is not (0 or Term))
            result.FailsInOneLine(code);
        else
            result.Exits(code);
    }
}
