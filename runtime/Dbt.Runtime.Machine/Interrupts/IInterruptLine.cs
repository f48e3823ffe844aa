namespace Dbt.Runtime.Machine.Interrupts;

/// <summary>A wire by which a device asks for attention: an input of an interrupt controller.</summary>
public interface IInterruptLine
{
    /// <summary>Drives the wire; setting the level that it has changes nothing. Safe from any thread.</summary>
    /// <param name="level">True while the device wants attention.</param>
    void Set(bool level);
}
