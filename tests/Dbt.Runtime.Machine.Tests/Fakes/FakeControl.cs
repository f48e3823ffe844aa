using Dbt.Runtime.Machine.Devices;

namespace Dbt.Runtime.Machine.Tests.Fakes;

/// <summary>Keeps how the machine was ended.</summary>
internal sealed class FakeControl : ISystemControl
{
    public int? ExitCode { get; private set; }

    public int Resets { get; private set; }

    public void PowerOff(int exitCode) => ExitCode = exitCode;

    public void Reset() => Resets++;
}
