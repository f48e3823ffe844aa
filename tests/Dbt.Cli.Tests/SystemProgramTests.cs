namespace Dbt.Cli.Tests;

/// <summary>Programs for M mode print what the manuals say, on every engine; and so they do on QEMU, but for what it is known to do otherwise.</summary>
public sealed class SystemProgramTests
{
    // Beginnings of lines. QEMU 7.2 sets A and D bits whatever menvcfg.ADUE says.
    private static readonly string[] s_otherwiseOnQemu =
    [
        // Allowed: mtval may be 0, misaligned conditionals may fail without a look at memory, and a counter may be there.
        "ebreak", "delegated ebreak", "conditional misaligned", "register b1f",
        // Not allowed: accesses of atomics are stores, tables that lead nowhere are access faults, and these have bits to tell.
        "atomic", "delegated misaligned", "tables nowhere", "sinval.vma", "TVM, sinval.vma",
        // Not there by default.
        "cbo.", "marks by software", " d0", " .40",
    ];

    public static TheoryData<string, string> ProgramsAndEngines { get; } = [];

    static SystemProgramTests()
    {
        foreach (var engine in (string[])["auto", "interpreter", "baseline"])
        {
            ProgramsAndEngines.Add("traps", engine);
            ProgramsAndEngines.Add("pages", engine);
        }
    }

    [Theory]
    [MemberData(nameof(ProgramsAndEngines))]
    public void Programs_print_what_is_expected(string program, string engine)
    {
        var result = DbtProcess.Run("boot", "--bios", DbtProcess.Guest("system/" + program), "--engine", engine, "--memory", "64M");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(Expected(program), result.Output.Split('\n'));
    }

    [SystemEmulatorTheory]
    [InlineData("traps")]
    [InlineData("pages")]
    public void QEMU_agrees(string program)
    {
        // Without AIA it takes interrupts in another order. Its older versions know the extensions as experimental.
        var result = Emulate("rv64,svinval=on,smaia=on,ssaia=on", program);
        if (result.ExitCode != 0)
            result = Emulate("rv64,svinval=on,x-smaia=on,x-ssaia=on", program);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(Common(Expected(program)), Common(result.Output.Split('\n')));
    }

    private static DbtResult Emulate(string processor, string program) => DbtProcess.Run(
        SystemEmulatorTheoryAttribute.Command!, new Dictionary<string, string?>(),
        "-M", "virt", "-cpu", processor, "-display", "none", "-serial", "stdio", "-monitor", "none", "-bios", DbtProcess.Guest("system/" + program));

    private static string[] Expected(string program) =>
        File.ReadAllText(Path.Combine(DbtProcess.Root, "tests", "guests", "system", program + ".txt")).Split('\n');

    private static string[] Common(IEnumerable<string> lines) =>
        [.. lines.Where(line => !s_otherwiseOnQemu.Any(start => line.StartsWith(start, StringComparison.Ordinal)))];
}
