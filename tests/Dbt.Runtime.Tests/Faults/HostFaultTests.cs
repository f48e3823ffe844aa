using System.Runtime.CompilerServices;
using Dbt.Isa;
using Dbt.Runtime.Faults;
using Dbt.Runtime.Memory;

namespace Dbt.Runtime.Tests.Faults;

public sealed unsafe class HostFaultTests : IDisposable
{
    private const int SigBus = 7, SigSegv = 11;
    private const ulong Page = GuestMemory.PageSize;
    private const ulong Somewhere = 0x10_0000;

    private readonly GuestMemory _memory = new();

    public void Dispose() => _memory.Dispose();

    [Fact]
    public void Every_fault_is_caught_with_its_address_and_direction()
    {
        MapFixed(Somewhere, Page, MemoryProtection.Read);
        using var scope = HostFaults.RegisterCurrentThread();
        var random = new Random(1);
        for (var i = 0; i < 5000; i++)
        {
            var address = i % 7 == 0 ? Somewhere + (ulong)random.Next((int)Page) : (ulong)random.NextInt64((long)_memory.Size);
            var isWrite = i % 7 == 0 || random.Next(2) == 0;
            CheckFault(scope, _memory.Base + address, isWrite, SigSegv);
        }
    }

    [Fact]
    public void Guards_belong_to_the_window()
    {
        using var scope = HostFaults.RegisterCurrentThread();
        CheckFault(scope, _memory.Base - 1, isWrite: false, SigSegv);
        CheckFault(scope, _memory.Base - GuestMemory.GuardSize, isWrite: true, SigSegv);
        CheckFault(scope, _memory.Base + _memory.Size + GuestMemory.GuardSize - 8, isWrite: true, SigSegv);
        // Starts in the last page of the window and ends in the guard, which is where it faults.
        MapFixed(_memory.Size - Page, Page, MemoryProtection.ReadWrite);
        Assert.True(Faults(scope, _memory.Base + _memory.Size - 4, isWrite: false, out var fault));
        Assert.Equal((ulong)(_memory.Base + _memory.Size), fault.Address);
    }

    [Fact]
    public void Faults_are_caught_on_many_threads_during_garbage_collections()
    {
        const int Threads = 6, FaultsEach = 1500;
        MapFixed(Somewhere, Page, MemoryProtection.Read);
        var running = Threads;
        var errors = new System.Collections.Concurrent.ConcurrentBag<Exception>();
        var threads = Enumerable.Range(0, Threads).Select(n => new Thread(() =>
        {
            try
            {
                using var scope = HostFaults.RegisterCurrentThread();
                var live = new List<object>();
                for (var i = 0; i < FaultsEach; i++)
                {
                    live.Add(new byte[1000]);
                    CheckFault(scope, _memory.Base + ((ulong)n << 32) + (ulong)i * 8, (i & 1) != 0, SigSegv);
                }
            }
            catch (Exception e)
            {
                errors.Add(e);
            }
            Interlocked.Decrement(ref running);
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        var collections = 0;
        for (; Volatile.Read(ref running) > 0; collections++)
        {
            GC.Collect();
            Thread.Sleep(1);
        }
        foreach (var thread in threads)
            thread.Join();
        Assert.Empty(errors);
        Assert.True(collections > 0);
    }

    [Fact]
    public void A_file_that_loses_its_end_raises_bus_faults()
    {
        var path = Path.GetTempFileName();
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
            file.SetLength(4 * (long)Page);
            var handle = (int)file.SafeFileHandle.DangerousGetHandle();
            Assert.Equal(MemoryError.None, _memory.MapFile(0, 4 * Page, MemoryProtection.ReadWrite, MapFlags.Shared, handle, 0, path, out var start));
            using var scope = HostFaults.RegisterCurrentThread();
            Assert.False(Faults(scope, _memory.Base + start + 2 * Page, isWrite: true, out _));
            file.SetLength((long)Page);
            for (var i = 0UL; i < 1000; i++)
                CheckFault(scope, _memory.Base + start + Page + i * 8, (i & 1) != 0, SigBus);
            // What accesses on the guest's behalf refuses, whether or not the thread can catch faults, and reaches what is left.
            CheckRefusals(start);
            Exception? error = null;
            var other = new Thread(() => error = Record.Exception(() => CheckRefusals(start)));
            other.Start();
            other.Join();
            Assert.Null(error);
            Assert.False(scope.TryTake(out _));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private void CheckRefusals(ulong start)
    {
        Assert.False(_memory.TryRead(start + 2 * Page, out ulong value));
        Assert.False(_memory.TryRead(start + Page - 4, out value));
        Assert.False(_memory.TryRead(start + Page, new byte[1000]));
        Assert.False(_memory.TryWrite(start + 2 * Page, 1));
        Assert.False(_memory.TryReadCString(start + Page, 10, out _));
        for (var length = 0; length < 20; length++)
        {
            var bytes = Enumerable.Range(1, length).Select(i => (byte)i).ToArray();
            var copy = new byte[length];
            Assert.True(_memory.TryWrite(start + Page - (ulong)length, bytes));
            Assert.True(_memory.TryRead(start + Page - (ulong)length, copy));
            Assert.Equal(bytes, copy);
        }
    }

    [Fact]
    public void Null_pointers_stay_null_pointers()
    {
        using var scope = HostFaults.RegisterCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Assert.Throws<NullReferenceException>(() => Touch((byte*)8, isWrite: false));
            Assert.Throws<NullReferenceException>(() => ((string)null!).Length);
            Assert.False(scope.TryTake(out _));
        }
    }

    [Fact]
    public void A_hart_gets_its_cell_while_a_thread_runs_it()
    {
        HartHeader state = default;
        using (var outer = HostFaults.RegisterCurrentThread())
        {
            using (var inner = HostFaults.RegisterCurrentThread(&state))
            {
                Assert.True(outer.Fault == inner.Fault);
                Assert.True(state.HostFault == inner.Fault);
                CheckFault(inner, _memory.Base, isWrite: true, SigSegv);
            }
            Assert.True(state.HostFault == null);
            CheckFault(outer, _memory.Base, isWrite: true, SigSegv);
        }
    }

    [Fact]
    public void Cells_are_reused_by_thousands_of_threads()
    {
        for (var i = 0; i < 64; i++)
        {
            var caught = 0;
            var threads = Enumerable.Range(0, 8).Select(_ => new Thread(
                () =>
                {
                    using var scope = HostFaults.RegisterCurrentThread();
                    for (var k = 0; k < 16; k++)
                    {
                        using var nested = HostFaults.RegisterCurrentThread();
                        if (Faults(scope, _memory.Base + k, isWrite: false, out var fault) && fault.Address == (ulong)(_memory.Base + k))
                            Interlocked.Increment(ref caught);
                    }
                },
                64 << 10)).ToArray();
            foreach (var thread in threads)
                thread.Start();
            foreach (var thread in threads)
                thread.Join();
            Assert.Equal(8 * 16, caught);
        }
    }

    private static void CheckFault(ThreadFaultScope scope, byte* host, bool isWrite, long signal)
    {
        Assert.True(Faults(scope, host, isWrite, out var fault));
        Assert.Equal((ulong)host, fault.Address);
        Assert.Equal(isWrite ? 1 : 0, fault.IsWrite);
        Assert.Equal(signal, fault.Signal);
        Assert.NotEqual(0UL, fault.InstructionPointer);
        Assert.False(scope.TryTake(out _));
    }

    private static bool Faults(ThreadFaultScope scope, byte* host, bool isWrite, out HostFault fault)
    {
        fault = default;
        try
        {
            _ = Touch(host, isWrite);
            return false;
        }
        catch (NullReferenceException)
        {
            return scope.TryTake(out fault);
        }
    }

    // Returns what it reads: the JIT narrows a load that nobody uses to one byte.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong Touch(byte* host, bool isWrite)
    {
        if (!isWrite)
            return Volatile.Read(ref *(ulong*)host);
        Volatile.Write(ref *(ulong*)host, 1);
        return 0;
    }

    private void MapFixed(ulong address, ulong length, MemoryProtection protection) =>
        Assert.Equal(MemoryError.None, _memory.Map(address, length, protection, MapFlags.Fixed, out _));
}
