namespace Dbt.Runtime.Machine.Interrupts;

/// <summary>A hart, as interrupt controllers and timers see it: the wires that lead to it.</summary>
public interface IInterruptTarget
{
    /// <summary>
    /// Drives one of the hart's interrupt inputs. Raising one wakes a hart that waits and stops one that runs at its next safe point.
    /// Safe from any thread, the hart's own included; never waits for the hart.
    /// </summary>
    /// <param name="input">Which one.</param>
    /// <param name="level">Whether it is pending from this source.</param>
    void SetPending(InterruptInput input, bool level);
}
