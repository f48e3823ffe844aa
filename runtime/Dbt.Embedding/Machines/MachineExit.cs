namespace Dbt.Embedding.Machines;

/// <summary>How a machine ended.</summary>
/// <param name="ExitCode">What the guest said when it switched off: 0 when all was well.</param>
/// <param name="WantsRestart">Whether it asked to be started again instead.</param>
public readonly record struct MachineExit(int ExitCode, bool WantsRestart);
