using Dbt.Lab.Tools;
using Dbt.Runtime.Elf;

namespace Dbt.Lab.Snippets;

/// <summary>A few lines of guest assembly or of C, built for the guest and, when they are C, for the host.</summary>
internal sealed class Snippet : IDisposable
{
    private const string HostCompiler = "gcc";
    private const string AssemblySymbol = "snippet";
    private const string FirstFunction = "first_function";

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dbt-snippet-");
    private readonly SnippetTarget _target;
    private readonly bool _isC;
    private readonly IReadOnlyList<string> _flags;

    /// <summary>Prepares a snippet; nothing is built yet.</summary>
    /// <param name="target">The guest that it is for.</param>
    /// <param name="text">The source.</param>
    /// <param name="isC">Whether it is C; else assembly.</param>
    /// <param name="flags">For the compilers, e.g. <c>-O3</c>; the last one of a kind counts.</param>
    public Snippet(SnippetTarget target, string text, bool isC, IReadOnlyList<string> flags)
    {
        (_target, _isC, _flags) = (target, isC, flags);
        File.WriteAllText(Source, isC ? text : $"""
            .globl {AssemblySymbol}
            .type {AssemblySymbol}, @function
            {AssemblySymbol}:
            {text.Replace(';', '\n')}
            .size {AssemblySymbol}, .-{AssemblySymbol}

            """);
        File.WriteAllText(Start, target.StartCode(isC ? FirstFunction : AssemblySymbol));
    }

    /// <summary>The guest's program.</summary>
    public string GuestProgram => Path.Combine(_folder.FullName, "guest");

    private string Source => Path.Combine(_folder.FullName, _isC ? "snippet.c" : "snippet.s");

    private string Start => Path.Combine(_folder.FullName, "start.s");

    /// <summary>Builds it for the guest and gives its functions.</summary>
    /// <exception cref="LabException">There is no compiler, or it does not like the snippet.</exception>
    public BuiltSnippet BuildGuest()
    {
        // The function to be called is known when the source has been compiled.
        Compile(_target.Compiler, _target.Package, GuestProgram, Start, $"-Wl,--defsym={FirstFunction}=0");
        var built = Read(GuestProgram, _target.Machine);
        if (_isC && built.Functions is [var first, ..])
            Compile(_target.Compiler, _target.Package, GuestProgram, Start, $"-Wl,--defsym={FirstFunction}={first.Name}");
        return Read(GuestProgram, _target.Machine);
    }

    /// <summary>Builds it for the host; null when it is assembly.</summary>
    /// <exception cref="LabException">There is no compiler, or it does not like the snippet.</exception>
    public BuiltSnippet? BuildHost()
    {
        if (!_isC)
            return null;
        var program = Path.Combine(_folder.FullName, "host");
        Compile(HostCompiler, "gcc", program, "-fcf-protection=none", $"-Wl,-e,0");
        return Read(program, ElfMachine.X64);
    }

    /// <summary>Removes what was built.</summary>
    public void Dispose() => _folder.Delete(true);

    private void Compile(string compiler, string package, string output, params string[] more)
    {
        string[] words =
        [
            compiler, "-O2", "-w", "-nostdlib", "-static", "-fno-pie", "-no-pie", "-fno-asynchronous-unwind-tables", "-fno-stack-protector", "-ffp-contract=off",
            "-Wl,-Ttext=0x10000", "-Wl,--unresolved-symbols=ignore-all", "-Wl,--no-relax", "-Wl,--build-id=none",
            .. _flags, Source, .. more, "-o", output,
        ];
        var result = ExternalTool.Run(s_limit, "", words) ?? throw new LabException(compiler, "is not installed", $"apt-get install {package}");
        if (result.ExitCode != 0)
            throw new LabException("snippet", $"{compiler} says: {FirstError(result.Error)}");
    }

    private static string FirstError(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var line = lines.FirstOrDefault(line => line.Contains("error", StringComparison.OrdinalIgnoreCase) && !line.Contains("returned 1", StringComparison.Ordinal))
            ?? lines.FirstOrDefault(line => !line.EndsWith("messages:", StringComparison.Ordinal)) ?? "nothing";
        return line[(line.LastIndexOf('/') + 1)..];
    }

    private static BuiltSnippet Read(string path, ElfMachine machine)
    {
        var file = ElfFile.Parse(File.ReadAllBytes(path), machine);
        var text = file.ReadSections().First(section => section.Name == ".text");
        var symbols = file.ReadSymbols();
        var functions = symbols.All.Where(symbol => symbol is { IsFunction: true, Size: > 0 } && symbol.Name != SnippetTarget.StartSymbol).ToList();
        return functions.Count > 0
            ? new BuiltSnippet(text.Address, file.ReadContents(text), symbols, functions)
            : throw new LabException("snippet", "there is no function in it", "a C snippet is one or more functions that are not static");
    }
}
