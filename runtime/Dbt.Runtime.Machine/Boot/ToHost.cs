using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Devices;
using Dbt.Runtime.Machine.Timers;

namespace Dbt.Runtime.Machine.Boot;

/// <summary>
/// Watches the word by which test programs talk to a host (HTIF, riscv-isa-sim): a number whose lowest bit is 1 ends the machine with the
/// rest of it as exit code, and device 1 prints a character.
/// </summary>
internal sealed class ToHost
{
    private const int WatchesPerSecond = 1000, WordLength = 8;

    private readonly ulong _address;
    private readonly PhysicalMemory _memory;
    private readonly MachineClock _clock;
    private readonly IConsole _console;
    private readonly ISystemControl _control;
    private readonly ClockAlarm _alarm;

    /// <summary>Begins to watch.</summary>
    /// <param name="address">Guest physical address of the word.</param>
    /// <param name="memory">Where it is.</param>
    /// <param name="clock">When to look.</param>
    /// <param name="console">Who reads what is printed.</param>
    /// <param name="control">Who ends the machine.</param>
    public ToHost(ulong address, PhysicalMemory memory, MachineClock clock, IConsole console, ISystemControl control)
    {
        (_address, _memory, _clock, _console, _control) = (address, memory, clock, console, control);
        _alarm = clock.CreateAlarm(Look);
        _alarm.Set(clock.Now);
    }

    private void Look()
    {
        const ulong print = 0x0101;
        if (!_memory.TryLoad(_address, WordLength, out var word))
            return;
        if (word != 0)
        {
            if (word >> 48 == print)
                _console.Write([(byte)word]);
            else if ((word & 1) != 0)
                _control.PowerOff((int)Math.Min(word >> 1, byte.MaxValue));
            _memory.TryStore(_address, WordLength, 0);
        }
        _alarm.Set(_clock.Now + _clock.Frequency / WatchesPerSecond);
    }
}
