using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Snapshots;
using Dbt.Runtime.Machine.Timers;

namespace Dbt.Runtime.Machine.Interrupts.Riscv;

/// <summary>
/// SiFive's core-local interruptor, which ACLINT splits into an MSWI and an MTIMER device: a software interrupt and a timer compare
/// register for each hart's M mode, and the time (FU540-C000 Manual, chapter 9).
/// </summary>
internal sealed class Clint : IMmioDevice, ISnapshotable
{
    /// <summary>Bytes of registers.</summary>
    public const ulong Length = 0x10000;

    private const ulong CompareStart = 0x4000, TimeOffset = 0xbff8;

    private readonly Lock _lock = new();
    private readonly MachineClock _clock;
    private readonly IReadOnlyList<IInterruptTarget> _harts;
    private readonly bool[] _software;
    private readonly ulong[] _compare;
    private readonly ClockAlarm[] _alarms;

    /// <summary>The interruptor of these harts, with nothing pending.</summary>
    public Clint(MachineClock clock, IReadOnlyList<IInterruptTarget> harts)
    {
        _clock = clock;
        _harts = harts;
        _software = new bool[harts.Count];
        _compare = new ulong[harts.Count];
        _alarms = new ClockAlarm[harts.Count];
        for (var i = 0; i < harts.Count; i++)
        {
            var hart = i;
            _compare[i] = ulong.MaxValue;
            _alarms[i] = clock.CreateAlarm(() => UpdateTimer(hart));
        }
    }

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        lock (_lock)
        {
            var word = offset & ~7UL;
            if (word == TimeOffset)
                return _clock.Now >> (int)(offset & 7) * 8;
            if (offset >= CompareStart)
                return (word - CompareStart) / 8 is var hart && hart < (ulong)_compare.Length ? _compare[hart] >> (int)(offset & 7) * 8 : 0;
            return offset / 4 is var target && offset % 4 == 0 && target < (ulong)_software.Length && _software[target] ? 1u : 0;
        }
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        if (size < 4)
            return;
        lock (_lock)
        {
            var word = offset & ~7UL;
            if (word == TimeOffset)
            {
                _clock.Now = Merge(_clock.Now, offset, size, value);
                for (var hart = 0; hart < _compare.Length; hart++)
                    UpdateTimer(hart);
            }
            else if (offset >= CompareStart)
            {
                var hart = (word - CompareStart) / 8;
                if (hart >= (ulong)_compare.Length)
                    return;
                _compare[hart] = Merge(_compare[hart], offset, size, value);
                UpdateTimer((int)hart);
            }
            else if (offset / 4 < (ulong)_software.Length)
            {
                _software[offset / 4] = (value & 1) != 0;
                _harts[(int)(offset / 4)].SetPending(InterruptInput.MachineSoftware, (value & 1) != 0);
            }
        }
    }

    /// <inheritdoc/>
    public string SnapshotName => "clint";

    /// <inheritdoc/>
    public int SnapshotVersion => 1;

    /// <summary>Writes the state, the time included.</summary>
    public void Save(SnapshotWriter writer)
    {
        lock (_lock)
        {
            writer.Write(_clock.Now);
            writer.Write(_compare);
            foreach (var software in _software)
                writer.Write(software);
        }
    }

    /// <inheritdoc/>
    public void Load(SnapshotReader reader, int version)
    {
        lock (_lock)
        {
            _clock.Now = reader.ReadUInt64();
            reader.Read(_compare);
            for (var hart = 0; hart < _software.Length; hart++)
            {
                _software[hart] = reader.ReadBoolean();
                _harts[hart].SetPending(InterruptInput.MachineSoftware, _software[hart]);
                UpdateTimer(hart);
            }
        }
    }

    private static ulong Merge(ulong old, ulong offset, int size, ulong value)
    {
        if (size == 8)
            return value;
        var shift = (int)(offset & 7) * 8;
        return old & ~(0xffff_ffffUL << shift) | (value & 0xffff_ffff) << shift;
    }

    private void UpdateTimer(int hart)
    {
        lock (_lock)
        {
            var compare = _compare[hart];
            var reached = _clock.Now >= compare;
            _harts[hart].SetPending(InterruptInput.MachineTimer, reached);
            _alarms[hart].Set(reached ? ClockAlarm.Never : compare);
        }
    }
}
