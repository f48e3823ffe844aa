namespace Dbt.Cli.Tests;

public sealed class MachineTests
{
    [Fact]
    public void Lists_the_versions() => Assert.Equal("virt-1\n", DbtProcess.Run("machine").Exits(0).Output);

    [Fact]
    public void Lists_the_devices_of_one() =>
        Assert.Matches(@"(?m)^ *0x10000000 +0x100 +serial +ns16550a$", DbtProcess.Run("machine", "virt-1").Exits(0).Output);

    [Fact]
    public void Prints_the_device_tree_with_the_harts_and_the_memory_asked_for()
    {
        var source = DbtProcess.Run("machine", "--dts", "--cpus", "3", "--memory", "64M").Exits(0).Output;
        Assert.StartsWith("/dts-v1/;", source, StringComparison.Ordinal);
        Assert.Contains("cpu2: cpu@2 {", source, StringComparison.Ordinal);
        Assert.Contains("reg = <0 0x80000000 0 0x4000000>;", source, StringComparison.Ordinal);
    }

    [Fact]
    public void Writes_the_device_tree_for_other_tools()
    {
        var path = Path.GetTempFileName();
        Assert.Empty(DbtProcess.Run("machine", "virt-1,aia=aplic", "--dtb", path).Exits(0).Output);
        Assert.Equal([0xd0, 0x0d, 0xfe, 0xed], File.ReadAllBytes(path)[..4]);
        File.Delete(path);
        Assert.Contains("choose another file", DbtProcess.Run("machine", "--dtb", "/nowhere/tree").FailsInOneLine(1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--disk", "/nowhere.img", "no such file")]
    [InlineData("--share", "/nowhere", "cannot be shared")]
    [InlineData("--net", "user,hostfwd=tcp:192.0.2.1:80-:80", "a port to forward cannot be had")]
    public void What_backs_a_device_and_is_not_there_is_named(string option, string value, string why)
    {
        var kernel = Path.GetTempFileName();
        File.WriteAllText(kernel, "not looked at");
        Assert.Contains(why, DbtProcess.Run("boot", "--kernel", kernel, option, value).FailsInOneLine(1), StringComparison.Ordinal);
        File.Delete(kernel);
    }
}
