using System.Runtime.InteropServices;
using Dbt.Cli.Output;
using Dbt.Runtime.Machine.Boot.Riscv;
using Dbt.Runtime.Machine.Snapshots;

namespace Dbt.Cli.Execution;

/// <summary>What the user asks for while a machine runs: that it ends, or is saved. With a snapshot's file, whoever ends this process does not lose the machine.</summary>
internal sealed class MachineSession : IDisposable
{
    private readonly VirtMachine _machine;
    private readonly TerminalConsole _console;
    private readonly string? _snapshot;
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly Lock _lock = new();

    public MachineSession(VirtMachine machine, TerminalConsole console, string? snapshot)
    {
        (_machine, _console, _snapshot) = (machine, console, snapshot);
        console.EndRequested += End;
        console.SaveRequested += Save;
        if (snapshot is null)
            return;
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGHUP])
            _signals.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                End();
            }));
    }

    public void Dispose()
    {
        _console.EndRequested -= End;
        _console.SaveRequested -= Save;
        // What ended the machine has said so before this process ends.
        lock (_lock)
        {
            foreach (var signal in _signals)
                signal.Dispose();
        }
    }

    private void End()
    {
        lock (_lock)
        {
            if (_snapshot is null)
                _machine.Stop(0);
            else if (TrySave(_snapshot, ends: true))
                Say($"the machine is in {_snapshot}; the same command goes on from there");
        }
    }

    private void Save()
    {
        lock (_lock)
        {
            if (_snapshot is null)
                Say("the machine is not saved: name a file with --snapshot");
            else if (TrySave(_snapshot, ends: false))
                Say($"the machine is in {_snapshot}, and goes on");
        }
    }

    // When it cannot be saved, it goes on: nothing is lost.
    private bool TrySave(string path, bool ends)
    {
        try
        {
            return _machine.Save(path, ends);
        }
        catch (SnapshotException error)
        {
            Say(error.Message);
            return false;
        }
    }

    // The terminal may be in raw mode.
    private static void Say(string text)
    {
        StandardError.Instance.Write($"\r\ndbt: {text}\r\n");
        StandardError.Instance.Flush();
    }
}
