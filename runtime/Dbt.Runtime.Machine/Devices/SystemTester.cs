using Dbt.Runtime.Machine.Bus;

namespace Dbt.Runtime.Machine.Devices;

/// <summary>
/// SiFive's test finisher, one register: what is written into it ends or restarts the machine. The kernel reaches it as a system
/// controller, through the syscon-poweroff and syscon-reboot nodes.
/// </summary>
/// <param name="control">Who is told.</param>
internal sealed class SystemTester(ISystemControl control) : IMmioDevice
{
    /// <summary>Fails; the upper half of the word is the exit code.</summary>
    public const uint Fail = 0x3333;

    /// <summary>Switches off.</summary>
    public const uint Pass = 0x5555;

    /// <summary>Restarts.</summary>
    public const uint Restart = 0x7777;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size) => 0;

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        if (offset != 0)
            return;
        switch ((uint)value & 0xffff)
        {
            case Fail:
                // A failure without a code of its own must not look like success.
                control.PowerOff(Math.Max(1, (int)(value >> 16 & 0xffff)));
                break;
            case Pass:
                control.PowerOff(0);
                break;
            case Restart:
                control.Reset();
                break;
        }
    }
}
