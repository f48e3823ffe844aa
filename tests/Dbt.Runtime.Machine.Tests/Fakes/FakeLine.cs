using Dbt.Runtime.Machine.Interrupts;

namespace Dbt.Runtime.Machine.Tests.Fakes;

/// <summary>A wire whose level is looked at.</summary>
internal sealed class FakeLine : IInterruptLine
{
    public bool Level { get; private set; }

    /// <summary>How often it went up.</summary>
    public int Rises { get; private set; }

    public void Set(bool level)
    {
        if (level && !Level)
            Rises++;
        Level = level;
    }
}
