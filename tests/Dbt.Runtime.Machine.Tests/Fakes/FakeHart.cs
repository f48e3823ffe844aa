using Dbt.Runtime.Machine.Interrupts;

namespace Dbt.Runtime.Machine.Tests.Fakes;

/// <summary>A hart that only keeps what is pending.</summary>
internal sealed class FakeHart : IInterruptTarget
{
    private int _pending;

    public bool Has(InterruptInput input) => (Volatile.Read(ref _pending) & 1 << (int)input) != 0;

    public void SetPending(InterruptInput input, bool level)
    {
        if (level)
            Interlocked.Or(ref _pending, 1 << (int)input);
        else
            Interlocked.And(ref _pending, ~(1 << (int)input));
    }
}
