namespace Dbt.Runtime.Machine.Sbi.Riscv;

/// <summary>States of a hart, as the HSM extension numbers them.</summary>
internal enum SbiHartState
{
    Started = 0,
    Stopped = 1,
    StartPending = 2,
    StopPending = 3,
    Suspended = 4,
    SuspendPending = 5,
}
