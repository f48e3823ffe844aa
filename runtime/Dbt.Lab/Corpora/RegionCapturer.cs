using Dbt.Isa;
using Dbt.Runtime.Memory;
using Dbt.Translator;
using Dbt.Translator.Engines;

namespace Dbt.Lab.Corpora;

/// <summary>
/// Captures regions of a program while it runs. The program stands still meanwhile and notices nothing: its next instructions are executed
/// ahead on a machine of their own, to which each page of memory comes when they ask for it.
/// </summary>
/// <param name="memory">The program's memory.</param>
/// <param name="length">Most guest instructions of a region.</param>
internal sealed unsafe class RegionCapturer(GuestMemory memory, long length)
{
    // Less cannot be timed: entering and leaving an engine takes as long as that many instructions.
    private const long Shortest = 1000;

    // Thread of the capture: the one that runs the program belongs to its hart.
    private const int StackBytes = 1 << 20;

    /// <summary>The region that a program is about to execute; null when it is too short to be of use.</summary>
    /// <param name="hart">The program's hart, between two instructions.</param>
    /// <param name="name">Symbol of its pc.</param>
    public CapturedRegion? Capture(Hart hart, string name)
    {
        CapturedRegion? region = null;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                region = CaptureHere(hart, name);
            }
            catch (Exception error)
            {
                failure = error;
            }
        }, StackBytes);
        thread.Start();
        thread.Join();
        return failure is null ? region : throw new InvalidOperationException("A region could not be captured.", failure);
    }

    private CapturedRegion? CaptureHere(Hart hart, string name)
    {
        var entry = RegisterState.Of(hart);
        using var machine = new ScratchMachine(hart.Isa, hart.Extensions);
        if (Explore(machine, entry) is not { } instructions || instructions < Shortest)
            return null;
        // Once more without the interruptions by pages that were not there.
        using var engine = new CountingEngine(hart.Isa);
        machine.Reset(entry);
        if (machine.Run(engine, instructions) != ExitReason.Budget)
            return null;
        return new CapturedRegion
        {
            Start = entry.Pc,
            Name = name,
            Share = 0,
            Instructions = instructions,
            Entry = entry,
            EndDigest = machine.Digest(),
            Blocks = engine.Counts,
            Pages = [.. machine.Pages],
        };
    }

    // Executes until it is enough or something else than memory is wanted, and gives how many instructions that were.
    private long? Explore(ScratchMachine machine, RegisterState entry)
    {
        using var engine = new InterpreterEngine(machine.Hart.Isa);
        entry.CopyTo(machine.Hart);
        var state = machine.Hart.State;
        var started = state->RetiredBase - state->Budget;
        for (; ; )
        {
            var executed = state->RetiredBase - state->Budget - started;
            var reason = machine.Run(engine, length - executed);
            executed = state->RetiredBase - state->Budget - started;
            switch (reason)
            {
                case ExitReason.Budget:
                    return executed;
                case ExitReason.MemoryFault when TryAddPage(machine, state->FaultAddress, state->FaultAccess):
                    break;
                // The caller completes these, so they count; a region ends in front of them.
                case ExitReason.EnvironmentCall or ExitReason.Breakpoint:
                    return executed - 1;
                default:
                    return executed;
            }
        }
    }

    // False when the program itself may not do that.
    private bool TryAddPage(ScratchMachine machine, ulong address, AccessKind access)
    {
        var page = address & ~(GuestMemory.PageSize - 1);
        var bytes = new byte[GuestMemory.PageSize];
        if (machine.Has(page) || memory.Find(page) is not { } mapping || !mapping.Allows(access) || !memory.TryRead(page, bytes))
            return false;
        machine.Add(new CapturedPage(page, mapping.Protection, bytes));
        return true;
    }
}
