namespace Dbt.Bench.Comparing;

/// <summary>All that can be compared, and what is needed for it.</summary>
/// <param name="root">The repository.</param>
internal sealed class Workloads(string root)
{
    private const string PythonLoop = """
        total = 0
        for i in range(3000000):
            total += i * i % 7
        print(total)
        """;

    private const string BashLoop = "for ((i = 0, s = 0; i < 200000; i++)); do s=$((s + i % 7)); done; echo $s";

    private const string PerlRegex = """
        local $/; $_ = <STDIN>; my %seen; $seen{$1}++ while /\b([a-z]*?[aeiou]{2}[a-z]*)\b/g; s/(\w+) (\w+)/$2 $1/g;
        print join(",", map { "$_=$seen{$_}" } sort keys %seen), length, "\n"
        """;

    private readonly ProgramInputs _inputs = new(Path.Combine(root, "artifacts", "programs"));

    /// <summary>Where the kernels are built.</summary>
    public string KernelFolder { get; init; } = Path.Combine(root, "artifacts", "kernels");

    /// <summary>Where Debian's programs are, as <c>tests/guests/sysroot.sh DIR cpp</c> makes it.</summary>
    public string Sysroot { get; init; } = Path.Combine(root, "artifacts", "bench-sysroot");

    /// <summary>Names of the kernels.</summary>
    public IReadOnlyList<string> KernelNames =>
        [.. Directory.GetFiles(Path.Combine(root, "bench", "kernels"), "*.c").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    /// <summary>Everything, kernels first.</summary>
    public IReadOnlyList<Workload> All => [.. KernelNames.Select(name => new Kernel(name, KernelFolder)).OrderByDescending(kernel => kernel.Group), .. Programs()];

    /// <summary>Those with one of these names, in one of these groups, or all <c>kernels</c>, all <c>programs</c>, or <c>all</c>.</summary>
    /// <exception cref="ComparisonException">A name is unknown.</exception>
    public IReadOnlyList<Workload> Select(IReadOnlyList<string> names)
    {
        var all = All;
        var chosen = new List<Workload>();
        foreach (var name in names)
        {
            var found = all.Where(workload => name == "all" || name == workload.Name || name == workload.Group
                || name == "kernels" && workload is Kernel || name == "programs" && workload is DebianProgram).ToList();
            if (found.Count == 0)
                throw new ComparisonException($"no workload '{name}': one of all, kernels, programs, {string.Join(", ", all.Select(workload => workload.Group).Distinct().Concat(all.Select(workload => workload.Name)))}");
            chosen.AddRange(found.Except(chosen));
        }
        return chosen;
    }

    private List<DebianProgram> Programs() =>
    [
        new("python-loop", DebianProgram.Long, Sysroot, [In("usr/bin/python3"), "-c", PythonLoop]),
        new("sqlite", DebianProgram.Long, Sysroot, [In("usr/bin/sqlite3"), ":memory:"]) { MakeInput = _inputs.Sql },
        new("xz", DebianProgram.Long, Sysroot, [In("usr/bin/xz"), "-1", "-c", "-T1"]) { MakeInput = _inputs.Text },
        new("gzip", DebianProgram.Long, Sysroot, [In("usr/bin/gzip"), "-n", "-c"]) { MakeInput = _inputs.Text },
        new("bash-loop", DebianProgram.Long, Sysroot, [In("usr/bin/bash"), "-c", BashLoop]),
        new("perl-regex", DebianProgram.Long, Sysroot, [In("usr/bin/perl"), "-e", PerlRegex]) { MakeInput = _inputs.Excerpt },
        new("cc1", DebianProgram.Long, Sysroot, [Compiler(), "-O2", "-quiet", "-o", "-", "-"]) { MakeInput = _inputs.Source },
        new("bash-start", DebianProgram.Short, Sysroot, [In("usr/bin/bash"), "-c", ":"]),
        new("python-start", DebianProgram.Short, Sysroot, [In("usr/bin/python3"), "-c", "pass"]),
        new("sqlite-start", DebianProgram.Short, Sysroot, [In("usr/bin/sqlite3"), ":memory:", "select 1"]),
        new("hello", DebianProgram.Short, null, [Path.Combine(root, "tests", "guests", "bin", "hello")]),
    ];

    private string In(string path) => Path.Combine(Sysroot, path);

    // Its folder has the compiler's version in its name.
    private string Compiler()
    {
        var folder = In("usr/libexec/gcc/riscv64-linux-gnu");
        var found = Directory.Exists(folder) ? Directory.GetFiles(folder, "cc1", SearchOption.AllDirectories) : [];
        return found.FirstOrDefault() ?? Path.Combine(folder, "cc1");
    }
}
