using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Devices;
using Dbt.Runtime.Machine.Interrupts;
using Dbt.Runtime.Machine.Timers;

namespace Dbt.Runtime.Machine.Boards.Riscv;

/// <summary>A machine that is never started: what a guest would find in it.</summary>
public sealed class VirtPreview
{
    /// <summary>Wires a board and reads it off.</summary>
    /// <param name="options">Which machine.</param>
    /// <param name="memory">Bytes of RAM.</param>
    /// <param name="harts">How many harts.</param>
    /// <param name="extensions">Those of its harts.</param>
    public VirtPreview(VirtOptions options, ulong memory, int harts, IReadOnlyList<string> extensions)
    {
        var nobody = new Nobody();
        using var bus = new PhysicalMemory(memory);
        using var clock = new MachineClock();
        using var board = new VirtBoard(options, bus, new VirtHarts([.. Enumerable.Repeat(nobody, harts)], extensions) { HasFirmware = false, HasInterruptFiles = true }, clock, new VirtBackends(nobody, nobody));
        FlattenedTree = board.FlattenedTree(new VirtBoot());
        TreeSource = board.TreeSource(new VirtBoot());
        Devices = board.Devices;
    }

    /// <summary>The device tree as a kernel is given it.</summary>
    public byte[] FlattenedTree { get; }

    /// <summary>The device tree as source text.</summary>
    public string TreeSource { get; }

    /// <summary>The devices, by address.</summary>
    public IReadOnlyList<(ulong Address, ulong Size, string Name, string Compatible)> Devices { get; }

    private sealed class Nobody : IInterruptTarget, IConsole, ISystemControl
    {
        public event Action? InputAvailable
        {
            add { }
            remove { }
        }

        public void SetPending(InterruptInput input, bool level)
        {
        }

        public void Write(ReadOnlySpan<byte> bytes)
        {
        }

        public int Read(Span<byte> bytes) => 0;

        public void PowerOff(int exitCode)
        {
        }

        public void Reset()
        {
        }
    }
}
