namespace Dbt.Runtime.Machine.Devices;

/// <summary>How a guest ends or restarts its machine. Called on a hart's thread: takes note and returns.</summary>
public interface ISystemControl
{
    /// <summary>Switches the machine off.</summary>
    /// <param name="exitCode">0, or how the guest says that it failed.</param>
    void PowerOff(int exitCode);

    /// <summary>Starts the machine again from reset.</summary>
    void Reset();
}
