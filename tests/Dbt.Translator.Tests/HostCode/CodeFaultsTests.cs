using System.Collections.Concurrent;
using Dbt.Isa;
using Dbt.Runtime.Faults;
using Dbt.Runtime.Memory;
using Dbt.Translator.HostCode;
using Dbt.Translator.HostCode.X64;
using static Dbt.Translator.HostCode.X64.X64Register;

namespace Dbt.Translator.Tests.HostCode;

public sealed unsafe class CodeFaultsTests : IDisposable
{
    private const int SigBus = 7, SigSegv = 11;
    private const int Forms = 200;

    private readonly GuestMemory _guest = new();

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Failed_accesses_are_exact_on_many_threads_during_garbage_collections(bool twoViews)
    {
        const int Threads = 4, RunsEach = 4000;
        using var code = new FaultingCode(twoViews ? CodeMapping.TwoViews : CodeMapping.Automatic);
        var accesses = Accesses(code);
        var errors = new ConcurrentBag<Exception>();
        var running = Threads;
        var caught = 0;
        var threads = Enumerable.Range(0, Threads).Select(n => new Thread(() =>
        {
            try
            {
                Interlocked.Add(ref caught, RunAccesses(code, accesses, RunsEach, n));
            }
            catch (Exception e)
            {
                errors.Add(e);
            }
            Interlocked.Decrement(ref running);
        }, 256 << 10)).ToArray();
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
        Assert.InRange(caught, Threads * RunsEach / 2, Threads * RunsEach - 1);
    }

    [Fact]
    public void Behind_the_end_of_a_file_it_is_a_bus_error()
    {
        var path = Path.GetTempFileName();
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
            file.SetLength(2 * (long)GuestMemory.PageSize);
            var handle = (int)file.SafeFileHandle.DangerousGetHandle();
            Assert.Equal(MemoryError.None, _guest.MapFile(0, 2 * GuestMemory.PageSize, MemoryProtection.ReadWrite, MapFlags.Shared, handle, 0, path, out var start));
            file.SetLength((long)GuestMemory.PageSize);
            using var code = new FaultingCode(CodeMapping.Automatic);
            var access = code.Emit(AccessForm.Store, Rbx, Rcx, 1, 0);
            ulong* from = stackalloc ulong[FaultingCode.TableLength], to = stackalloc ulong[FaultingCode.TableLength];
            from[(int)Rbx] = (ulong)_guest.Base + start + GuestMemory.PageSize;
            from[(int)Rcx] = 16;
            using var scope = HostFaults.RegisterCurrentThread();
            code.Run(access, from, to);
            Assert.True(scope.TryTake(out var fault));
            Assert.Equal(new HostFault { Signal = SigBus, Address = from[(int)Rbx] + 16, InstructionPointer = (ulong)access, IsWrite = 1 }, fault);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Managed_code_still_gets_its_exceptions_and_null_is_still_null()
    {
        using var code = new FaultingCode(CodeMapping.Automatic);
        using var scope = HostFaults.RegisterCurrentThread();
        object? nothing = Environment.GetEnvironmentVariable("no such variable");
        Assert.Throws<NullReferenceException>(() => nothing!.ToString());
        Assert.False(scope.TryTake(out _));
        var address = _guest.Base + 0x1000;
        Assert.Throws<NullReferenceException>(() => *(int*)address);
        Assert.True(scope.TryTake(out var fault));
        Assert.Equal((ulong)address, fault.Address);
    }

    [Fact]
    public void There_can_be_a_number_of_regions_at_once_and_any_number_in_turn()
    {
        for (var i = 0; i < 2 * HostCodeRanges.Count; i++)
            using (new FaultingCode(CodeMapping.Automatic))
            {
            }
        var regions = Enumerable.Range(0, 8).Select(_ => new FaultingCode(CodeMapping.Automatic)).ToList();
        foreach (var code in regions)
            RunAccesses(code, [(AccessForm.Load, Rbp, R14, 4, -5, code.Emit(AccessForm.Load, Rbp, R14, 4, -5))], 10, 1);
        regions.ForEach(r => r.Dispose());
    }

    private static List<(AccessForm Form, X64Register Base, X64Register Index, int Scale, int Displacement, nint At)> Accesses(FaultingCode code)
    {
        var random = new Random(3);
        var accesses = new List<(AccessForm, X64Register, X64Register, int, int, nint)>();
        while (accesses.Count < Forms)
        {
            var form = (AccessForm)random.Next(7);
            X64Register @base = (X64Register)random.Next(16), index = (X64Register)random.Next(16);
            if (@base == index || @base is Rsp or R11 || index is Rsp or R11)
                continue;
            var scale = 1 << random.Next(4);
            var displacement = random.Next(3) switch { 0 => 0, 1 => random.Next(-128, 128), _ => random.Next(int.MinValue, int.MaxValue) };
            accesses.Add((form, @base, index, scale, displacement, code.Emit(form, @base, index, scale, displacement)));
        }
        return accesses;
    }

    // Gives the number of faults.
    private int RunAccesses(
        FaultingCode code, List<(AccessForm Form, X64Register Base, X64Register Index, int Scale, int Displacement, nint At)> accesses, int runs, int seed)
    {
        var random = new Random(seed);
        var caught = 0;
        var page = _guest.Base + 0x10_0000 + (uint)seed * 0x1_0000;
        Assert.Equal(MemoryError.None, Map(page));
        ulong* from = stackalloc ulong[FaultingCode.TableLength], to = stackalloc ulong[FaultingCode.TableLength];
        using var scope = HostFaults.RegisterCurrentThread();
        var live = new List<object>();
        for (var run = 0; run < runs; run++)
        {
            live.Add(new byte[500]);
            var access = accesses[random.Next(accesses.Count)];
            for (var i = 0; i < FaultingCode.TableLength; i++)
                from[i] = (ulong)random.NextInt64();
            // One in five to the page, which is readable only; far from all threads' pages otherwise.
            var toPage = random.Next(5) == 0;
            var address = toPage ? (ulong)page + (ulong)random.Next(4000) : (ulong)_guest.Base + (ulong)random.NextInt64(1L << 24, (long)_guest.Size - 8);
            from[(int)access.Base] = address - from[(int)access.Index] * (uint)access.Scale - (ulong)access.Displacement;
            new Span<ulong>(to, FaultingCode.TableLength).Clear();
            code.Run(access.At, from, to);

            var isWrite = access.Form >= AccessForm.Store;
            var faults = !toPage || isWrite;
            Assert.Equal(faults, scope.TryTake(out var fault));
            if (!faults)
                continue;
            caught++;
            Assert.Equal(
                new HostFault { Signal = 0, Address = address, InstructionPointer = (ulong)access.At, IsWrite = isWrite ? 1 : 0 },
                fault with { Signal = fault.Signal - SigSegv });
            to[(int)Rsp] = from[(int)Rsp];
            Assert.True(new Span<ulong>(from, FaultingCode.TableLength).SequenceEqual(new Span<ulong>(to, FaultingCode.TableLength)));
        }
        return caught;
    }

    private MemoryError Map(byte* page) => _guest.Map(
        (ulong)(page - _guest.Base), GuestMemory.PageSize, MemoryProtection.Read, MapFlags.Fixed, out _);
}
