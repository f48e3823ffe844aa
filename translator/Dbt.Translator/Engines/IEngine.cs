using Dbt.Isa;
using Dbt.Translator.Hypercalls;

namespace Dbt.Translator.Engines;

/// <summary>One way of executing guest code. All engines give the same results; they differ in speed and start-up.</summary>
public interface IEngine : IDisposable
{
    /// <summary>Name as <c>--engine</c> takes it.</summary>
    string Name { get; }

    /// <summary>What was translated and executed so far.</summary>
    EngineStatistics Statistics { get; }

    /// <summary>
    /// Runs the hart from its Pc until it exits. Never returns None or TranslationMiss.
    /// InstructionFence is handled by the engine (it drops translations and goes on).
    /// </summary>
    /// <param name="hart">A hart of this engine's guest; no other thread may be running it.</param>
    /// <param name="budget">Guest instructions after which to return Budget, exactly; long.MaxValue for no limit.</param>
    ExitReason Run(Hart hart, long budget);

    /// <summary>
    /// Drops every translation of code in [start, start + length), and returns when no other thread executes one of them any more: that
    /// is what munmap, mprotect and cache flushes promise to all threads of a guest. Safe from any thread that holds no lock which a
    /// running hart may wait for.
    /// </summary>
    void Invalidate(ulong start, ulong length);

    /// <summary>As <see cref="Invalidate"/>, for every translation of code whose bytes have changed: what a flush of all instruction caches asks for.</summary>
    void InvalidateChanged();

    /// <summary>
    /// From when this returns, others than the engine's harts may access guest memory (see <see cref="EngineOptions.SharesMemory"/>): no code runs any
    /// more that counts on the opposite. Safe from any thread that holds no lock which a running hart may wait for.
    /// </summary>
    void ShareMemory();

    /// <summary>
    /// From now on every MemoryFault leaves the hart's registers, Pc and count of instructions as they were in front of the instruction that failed. Before, an
    /// engine may save itself the trouble (it says so): a guest that ends at a fault never knows. Safe from any thread, and not taken back.
    /// </summary>
    void RequirePreciseFaults()
    {
    }

    /// <summary>
    /// From now on calls of the guest that a table has handlers for are made without returning from <see cref="Run"/>; engines that can
    /// patch the sites of hot ones. Before the first run. The table outlives the engine.
    /// </summary>
    /// <param name="table">What becomes of calls; for this engine alone.</param>
    void UseHypercalls(HypercallTable table)
    {
    }
}
