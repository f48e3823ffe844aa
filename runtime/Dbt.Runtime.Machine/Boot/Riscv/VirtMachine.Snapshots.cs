using Dbt.Runtime.Machine.Boards.Riscv;
using Dbt.Runtime.Machine.Snapshots;
using Dbt.Runtime.Machine.Virtio;

namespace Dbt.Runtime.Machine.Boot.Riscv;

/// <content>The machine stands still, is written down, and taken up again.</content>
public sealed partial class VirtMachine
{
    private readonly object _pauseLock = new();
    private volatile bool _isPaused;
    private int _running;
    private int _parked;

    // What a snapshot must be of to be taken up here.
    private string Description =>
        $"{_options.Board.Version},aia={Name(_options.Board.Aia)},sstc={(_options.Board.Sstc ? "on" : "off")}, {_options.Harts} harts, {_options.Memory >> 10} KiB{(_options.Firmware.IsEmpty ? "" : ", firmware")}";

    /// <summary>Writes the machine down while it stands still; it goes on then, or ends. From any thread but a hart's or a device's.</summary>
    /// <param name="path">The file; what was there is replaced when all of the new one is on the disk.</param>
    /// <param name="ends">Whether the machine ends there, with exit code 0: nothing changes behind the snapshot.</param>
    /// <returns>False when the machine has ended before.</returns>
    /// <exception cref="SnapshotException">The host does not take it. The machine goes on.</exception>
    public bool Save(string path, bool ends = false)
    {
        if (!Pause())
            return false;
        try
        {
            SnapshotFile.Save(path, Description, Parts());
            if (ends)
                End(0, false);
            return true;
        }
        finally
        {
            Resume();
        }
    }

    /// <summary>Makes all harts stand still between two instructions, and returns when they do. From any thread but a hart's; see <see cref="Resume"/>.</summary>
    /// <returns>False when the machine has ended.</returns>
    internal bool Pause()
    {
        lock (_pauseLock)
        {
            while (_isPaused)
                Monitor.Wait(_pauseLock);
            if (_isOver)
                return false;
            _isPaused = true;
        }
        foreach (var hart in _harts)
            hart.Release();
        lock (_pauseLock)
        {
            while (_parked < _running && !_isOver)
                Monitor.Wait(_pauseLock);
            if (!_isOver)
                return true;
            _isPaused = false;
            Monitor.PulseAll(_pauseLock);
            return false;
        }
    }

    /// <summary>Lets the harts go on.</summary>
    internal void Resume()
    {
        lock (_pauseLock)
        {
            _isPaused = false;
            Monitor.PulseAll(_pauseLock);
        }
    }

    private static string Name(AdvancedInterrupts interrupts) => interrupts switch
    {
        AdvancedInterrupts.Aplic => "aplic",
        AdvancedInterrupts.AplicImsic => "aplic-imsic",
        _ => "none",
    };

    private IEnumerable<ISnapshotable> Parts() =>
        [new DiskStamps(_options.Virtio.OfType<DiskOptions>()), .. _harts, .. _board.SnapshotParts()];

    private void Restore(string path) => SnapshotFile.Load(path, Description, Parts());

    // A hart's thread waits here while the machine stands still.
    private void Pass()
    {
        if (!_isPaused)
            return;
        lock (_pauseLock)
        {
            _parked++;
            Monitor.PulseAll(_pauseLock);
            while (_isPaused && !_isOver)
                Monitor.Wait(_pauseLock);
            _parked--;
        }
    }

    private void Leave()
    {
        lock (_pauseLock)
        {
            _running--;
            Monitor.PulseAll(_pauseLock);
        }
    }
}
