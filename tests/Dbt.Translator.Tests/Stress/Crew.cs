using System.Collections.Concurrent;

namespace Dbt.Translator.Tests.Stress;

/// <summary>Threads that work at the same time, with garbage collections of all generations meanwhile. What goes wrong on any of them fails the test.</summary>
internal static class Crew
{
    /// <summary>Runs the work on so many threads, each of which gets its number, and collects until all have ended.</summary>
    /// <param name="threads">Number of threads.</param>
    /// <param name="work">What each does.</param>
    /// <param name="stackBytes">Size of their stacks; 0 for the usual.</param>
    /// <param name="meanwhile">What the calling thread does between collections.</param>
    public static void Work(int threads, Action<int> work, int stackBytes = 0, Action? meanwhile = null)
    {
        var errors = new ConcurrentQueue<Exception>();
        var running = threads;
        var crew = Enumerable.Range(0, threads).Select(number => new Thread(() =>
        {
            try
            {
                work(number);
            }
            catch (Exception e)
            {
                errors.Enqueue(e);
            }
            Interlocked.Decrement(ref running);
        }, stackBytes)).ToList();
        crew.ForEach(thread => thread.Start());
        for (var collections = 0; Volatile.Read(ref running) > 0; collections++)
        {
            GC.Collect(collections % 3, GCCollectionMode.Forced, blocking: true, compacting: collections % 6 == 5);
            meanwhile?.Invoke();
            Thread.Sleep(1);
        }
        crew.ForEach(thread => thread.Join());
        Assert.Empty(errors);
    }
}
