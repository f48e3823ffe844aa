using Dbt.Cli.Execution;

namespace Dbt.Cli.Commands;

/// <summary>
/// <c>dbt run [-L DIR] PROGRAM [ARGS]</c>, which is how most guests are started, without the command line library: loading it and making its
/// tree takes as long as .NET's own start. Whatever else stands there, or is wrong, is the library's.
/// </summary>
internal static class PlainRun
{
    /// <summary>Runs the guest; null when the line has more than this knows.</summary>
    public static int? TryRun(string[] arguments)
    {
        if (arguments is not [RunCommand.CommandName, ..])
            return null;
        string? sysroot = null;
        var next = 1;
        if (arguments is [_, GuestOptions.Sysroot or GuestOptions.SysrootInShort, var directory, ..])
        {
            sysroot = directory;
            next = 3;
        }
        if (next >= arguments.Length || !IsPlain(arguments[next]) || sysroot is not null && !IsPlain(sysroot))
            return null;
        var isa = Guests.Default;
        var options = GuestRun.Describe(
            isa, isa.DefaultExtensions, arguments[next], arguments[(next + 1)..], guest => EngineChoice.Create(EngineChoice.Default, guest, GuestRun.Engine));
        return GuestRun.Run(options with { Sysroot = sysroot }, EngineChoice.Default);
    }

    private static bool IsPlain(string word) => word.Length > 0 && word[0] != '-';
}
