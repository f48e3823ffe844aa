using Dbt.Runtime.Machine.Devices;
using Dbt.Runtime.Machine.Tests.Fakes;

namespace Dbt.Runtime.Machine.Tests.Devices;

public sealed class SystemTesterTests
{
    private readonly FakeControl _control = new();
    private readonly SystemTester _tester;

    public SystemTesterTests() => _tester = new(_control);

    [Theory]
    [InlineData(0x5555, 0)]
    [InlineData(0x3333, 1)]
    [InlineData(0x0007_3333, 7)]
    [InlineData(0x5556, null)]
    public void Ends_the_machine_with_the_code_that_is_written(uint value, int? exitCode)
    {
        _tester.Write(0, 4, value);
        Assert.Equal(exitCode, _control.ExitCode);
    }

    [Fact]
    public void Restarts_the_machine()
    {
        _tester.Write(4, 4, 0x7777);
        Assert.Equal(0, _control.Resets);
        _tester.Write(0, 4, 0x7777);
        Assert.Equal(1, _control.Resets);
        Assert.Null(_control.ExitCode);
    }
}
