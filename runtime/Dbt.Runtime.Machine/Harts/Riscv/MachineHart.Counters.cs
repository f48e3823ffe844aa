using Dbt.Isa.Interpreting;

namespace Dbt.Runtime.Machine.Harts.Riscv;

/// <summary>The counters of cycles (0) and instructions (2), which advance alike, as the hypervisor sets and stops them in firmware's place.</summary>
internal sealed unsafe partial class MachineHart
{
    /// <summary>Whether a counter counts.</summary>
    public bool IsCounterRunning(int counter) => (State->Mcountinhibit >> counter & 1) == 0;

    /// <summary>Lets a counter go on from what it shows, or keeps it there.</summary>
    public void RunCounter(int counter, bool running)
    {
        if (IsCounterRunning(counter) == running)
            return;
        var executed = (ulong)HartCounters.Retired(&State->Header);
        *Ahead(counter) += running ? 0 - executed : executed;
        State->Mcountinhibit ^= 1UL << counter;
    }

    /// <summary>Sets what a counter shows.</summary>
    public void SetCounter(int counter, ulong value) =>
        *Ahead(counter) = IsCounterRunning(counter) ? value - (ulong)HartCounters.Retired(&State->Header) : value;

    private ulong* Ahead(int counter) => counter == 0 ? &State->Mcycle : &State->Minstret;
}
