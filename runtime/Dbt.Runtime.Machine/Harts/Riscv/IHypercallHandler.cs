namespace Dbt.Runtime.Machine.Harts.Riscv;

/// <summary>Answers environment calls of S mode when the machine has no firmware.</summary>
internal interface IHypercallHandler
{
    /// <summary>Handles the call that a hart makes: arguments and results in its registers. Called on the hart's thread.</summary>
    void Call(MachineHart hart);
}
