namespace Dbt.Cli.Tests;

/// <summary>Files that are not there or are no programs: exit codes as shells have them.</summary>
public sealed class FileErrorTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dbt-cli-tests");

    public static TheoryData<string> Commands => ["run", "disasm", "explain"];

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Commands))]
    public void Missing_file_is_127(string command) =>
        Assert.Contains("not found", Fails(127, command, Path.Combine(_directory.FullName, "missing")), StringComparison.OrdinalIgnoreCase);

    [Theory]
    [MemberData(nameof(Commands))]
    public void Directory_is_126(string command) => Assert.Contains("directory", Fails(126, command, _directory.FullName), StringComparison.OrdinalIgnoreCase);

    [Theory]
    [MemberData(nameof(Commands))]
    public void Text_is_126(string command)
    {
        var path = Path.Combine(_directory.FullName, "text");
        File.WriteAllText(path, "just text\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Contains("not an ELF file", Fails(126, command, path), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Program_of_the_host_is_126(string command) =>
        Assert.Contains("built for x86-64", Fails(126, command, DbtProcess.Executable), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Commands))]
    public void Truncated_program_is_126(string command)
    {
        var path = Path.Combine(_directory.FullName, "truncated");
        File.WriteAllBytes(path, File.ReadAllBytes(DbtProcess.Guest("hello"))[..100]);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Fails(126, command, path);
    }

    private static string Fails(int code, params string[] arguments) => DbtProcess.Run(arguments).FailsInOneLine(code);
}
