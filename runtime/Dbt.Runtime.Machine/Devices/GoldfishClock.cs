using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Interrupts;
using Dbt.Runtime.Machine.Snapshots;

namespace Dbt.Runtime.Machine.Devices;

/// <summary>Goldfish's real-time clock: nanoseconds since 1970 in two halves, and an alarm.</summary>
internal sealed class GoldfishClock : IMmioDevice, ISnapshotable, IDisposable
{
    private const ulong TimeLow = 0x00, TimeHigh = 0x04, AlarmLow = 0x08, AlarmHigh = 0x0c;
    private const ulong InterruptEnabled = 0x10, ClearAlarm = 0x14, AlarmStatus = 0x18, ClearInterrupt = 0x1c;

    private const ulong NanosecondsPerTick = 100;

    private readonly Lock _lock = new();
    private readonly TimeProvider _host;
    private readonly IInterruptLine _line;
    private readonly ITimer _timer;
    private ulong _offset, _alarm;
    private uint _latchedHigh, _writtenHigh, _alarmHigh;
    private bool _armed, _enabled, _pending;

    /// <summary>A clock that shows the host's time until the guest sets it.</summary>
    public GoldfishClock(IInterruptLine line, TimeProvider host)
    {
        ArgumentNullException.ThrowIfNull(host);
        _host = host;
        _line = line;
        _timer = host.CreateTimer(_ => Elapsed(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private ulong Now => (ulong)(_host.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick + _offset;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        lock (_lock)
        {
            switch (offset)
            {
                case TimeLow:
                    // The two halves belong to one moment: that of reading the lower one.
                    var now = Now;
                    _latchedHigh = (uint)(now >> 32);
                    return (uint)now;
                case TimeHigh:
                    return _latchedHigh;
                case AlarmLow:
                    return (uint)_alarm;
                case AlarmHigh:
                    return (uint)(_alarm >> 32);
                case InterruptEnabled:
                    return _enabled ? 1u : 0;
                case AlarmStatus:
                    return _armed ? 1u : 0;
                default:
                    return 0;
            }
        }
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        lock (_lock)
        {
            switch (offset)
            {
                case TimeLow:
                    _offset += ((ulong)_writtenHigh << 32 | (uint)value) - Now;
                    Arm();
                    break;
                case TimeHigh:
                    _writtenHigh = (uint)value;
                    break;
                case AlarmLow:
                    _alarm = (ulong)_alarmHigh << 32 | (uint)value;
                    _armed = true;
                    Arm();
                    break;
                case AlarmHigh:
                    _alarmHigh = (uint)value;
                    break;
                case InterruptEnabled:
                    _enabled = (value & 1) != 0;
                    Drive();
                    break;
                case ClearAlarm:
                    _armed = false;
                    Arm();
                    break;
                case ClearInterrupt:
                    _pending = false;
                    Drive();
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    /// <inheritdoc/>
    public string SnapshotName => "rtc";

    /// <inheritdoc/>
    public int SnapshotVersion => 1;

    /// <inheritdoc/>
    public void Save(SnapshotWriter writer)
    {
        lock (_lock)
        {
            writer.Write([_offset, _alarm]);
            writer.Write([_latchedHigh, _writtenHigh, _alarmHigh]);
            writer.Write(_armed);
            writer.Write(_enabled);
            writer.Write(_pending);
        }
    }

    /// <summary>Takes the state up: time went on meanwhile, as for any clock with a battery.</summary>
    public void Load(SnapshotReader reader, int version)
    {
        lock (_lock)
        {
            Span<ulong> times = stackalloc ulong[2];
            Span<uint> halves = stackalloc uint[3];
            reader.Read(times);
            reader.Read(halves);
            (_offset, _alarm) = (times[0], times[1]);
            (_latchedHigh, _writtenHigh, _alarmHigh) = (halves[0], halves[1], halves[2]);
            (_armed, _enabled, _pending) = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());
            Arm();
            Drive();
        }
    }

    private void Elapsed()
    {
        lock (_lock)
            Arm();
    }

    private void Arm()
    {
        var left = (long)(_alarm - Now);
        if (_armed && left <= 0)
        {
            (_armed, _pending) = (false, true);
            Drive();
        }
        // Far alarms are looked at again: a timer's longest time is 49 days.
        var due = _armed ? TimeSpan.FromMilliseconds(Math.Min(left / 1_000_000 + 1, int.MaxValue)) : Timeout.InfiniteTimeSpan;
        _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    private void Drive() => _line.Set(_pending && _enabled);
}
