namespace Dbt.Cli.Tests;

public sealed class DisasmTests
{
    [Fact]
    public void Words_are_little_endian_instructions_one_after_the_other() =>
        Assert.Equal(
            "   10000:\t00a50513\tadd\ta0,a0,10\n   10004:\t4501    \tli\ta0,0\n   10006:\t8082    \tret\n",
            DbtProcess.Run("disasm", "0x00a50513", "4501", "8082").Exits(0).Output);

    [Fact]
    public void Styles_change_names() =>
        Assert.Equal(
            "    1000:\t4501    \tc.li\tx10,0\n",
            DbtProcess.Run("disasm", "--no-aliases", "--numeric", "--base", "1000", "4501").Exits(0).Output);

    [Fact]
    public void Undecodable_bits_are_data() =>
        Assert.Equal("   10000:\tffffffff\t.4byte\t0xffffffff\n   10004:\t0000    \t.2byte\t0x0\n", DbtProcess.Run("disasm", "ffffffff", "0000").Exits(0).Output);

    [Fact]
    public void Extensions_can_be_left_out() =>
        Assert.Contains(".2byte\t0x4501", DbtProcess.Run("disasm", "--isa", "rv64i", "4501").Exits(0).Output, StringComparison.Ordinal);

    [Fact]
    public void Elf_file_is_printed_by_section()
    {
        var output = DbtProcess.Run("disasm", DbtProcess.Guest("hello")).Exits(0).Output;
        Assert.StartsWith("section .text:\n", output, StringComparison.Ordinal);
        Assert.Contains("\tecall\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Address_range_narrows_it()
    {
        var all = DbtProcess.Run("disasm", "--base", "0", "4501", "4585", "8082").Output.Split('\n');
        Assert.Equal(all[1] + "\n", DbtProcess.Run("disasm", "--base", "0", "--address", "2..4", "4501", "4585", "8082").Exits(0).Output);
        Assert.Equal(all[1] + "\n", DbtProcess.Run("disasm", "--base", "0", "--address", "2+2", "4501", "4585", "8082").Exits(0).Output);
    }

    [Fact]
    public void Raw_file_is_code_from_its_first_byte()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, [0x01, 0x45]);
            Assert.Equal("80000000:\t4501    \tli\ta0,0\n", DbtProcess.Run("disasm", "--raw", "--base", "0x80000000", path).Exits(0).Output);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Nothing_in_range_is_an_error() =>
        Assert.Contains("no code", DbtProcess.Run("disasm", "--address", "0..4", "4501").FailsInOneLine(1), StringComparison.Ordinal);

    [Fact]
    public void Unknown_symbol_is_an_error() =>
        Assert.Contains("no such symbol", DbtProcess.Run("disasm", "--symbol", "main", DbtProcess.Guest("hello")).FailsInOneLine(1), StringComparison.Ordinal);
}
