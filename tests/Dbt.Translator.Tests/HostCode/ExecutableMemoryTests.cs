using Dbt.Translator.HostCode;
using Dbt.Translator.HostCode.X64;
using static Dbt.Translator.HostCode.X64.X64Register;
using static Dbt.Translator.HostCode.X64.X64Size;

namespace Dbt.Translator.Tests.HostCode;

public sealed unsafe class ExecutableMemoryTests
{
    private const int Megabyte = 1 << 20;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Code_that_was_written_can_be_executed_all_over_the_region(bool twoViews)
    {
        using var memory = new ExecutableMemory(4 * Megabyte, Mapping(twoViews));
        var code = new X64Assembler();
        var functions = new List<nint>();
        while (memory.TryBegin(4096, out var start, out var end))
        {
            Assert.Equal(0, (nint)start % ExecutableMemory.Alignment);
            code.Begin(start, end, memory.ExecuteDelta);
            functions.Add((nint)code.Address);
            code.Lea(Qword, Rax, X64Memory.At(Rdi, functions.Count));
            code.Ret();
            code.Nop(functions.Count % 50 * 100);
            memory.Commit(code.Cursor);
        }
        Assert.True(functions.Count > 1000);
        for (var i = 0; i < functions.Count; i++)
        {
            Assert.True(memory.Contains((void*)functions[i]));
            Assert.Equal(1000 + i + 1, ((delegate* unmanaged<long, long>)functions[i])(1000));
        }
        Assert.False(memory.Contains(memory.ExecuteStart - 1));
        Assert.False(memory.Contains(memory.ExecuteStart + memory.Bytes));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Guards_are_inaccessible_and_no_second_view_is_writable_and_executable(bool twoViews)
    {
        using var memory = new ExecutableMemory(Megabyte, Mapping(twoViews));
        var maps = Maps();
        Assert.Equal("---p", Protection(maps, memory.ExecuteStart - 1));
        Assert.Equal("---p", Protection(maps, memory.ExecuteStart + memory.Bytes));
        Assert.Equal("---p", Protection(maps, memory.Start - ExecutableMemory.GuardBytes));
        Assert.Equal("---p", Protection(maps, memory.Start + memory.Bytes + ExecutableMemory.GuardBytes - 1));
        if (twoViews)
        {
            Assert.True(memory.HasTwoViews);
            Assert.NotEqual(0, memory.ExecuteDelta);
        }
        Assert.Equal(memory.HasTwoViews ? "rw-s" : "rwxp", Protection(maps, memory.Start));
        Assert.Equal(memory.HasTwoViews ? "r-xs" : "rwxp", Protection(maps, memory.ExecuteStart + memory.Bytes - 1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_given_back_traps_and_costs_no_memory(bool twoViews)
    {
        using var memory = new ExecutableMemory(8 * Megabyte, Mapping(twoViews));
        Assert.True(memory.TryBegin(100, out var start, out _));
        new Span<byte>(start, 100).Fill(0x90);
        memory.Commit(start + 100);
        var kept = memory.UsedBytes;
        Assert.Equal(128, kept);
        for (var round = 0; round < 20; round++)
        {
            Assert.True(memory.TryBegin(7 * Megabyte, out var next, out var end));
            Assert.True(next == memory.Start + kept && end == memory.Start + memory.Bytes);
            new Span<byte>(next, (int)(end - next)).Fill(0x90);
            memory.Commit(end);
            Assert.False(memory.TryBegin(1, out _, out _));
            Assert.True(Resident(memory) >= 8 << 10);
            memory.Reset(kept);
            Assert.Equal(kept, memory.UsedBytes);
            // The page that is kept in part.
            Assert.True(Resident(memory) <= (memory.HasTwoViews ? 8 : 4));
            Assert.Equal(0xCC, next[0]);
            Assert.Equal(0xCC, memory.Start[4095]);
            Assert.Equal(0x90, start[99]);
            Assert.Equal(0, memory.Start[Megabyte]);
        }
        memory.Reset();
        Assert.Equal(0, memory.UsedBytes);
        Assert.Equal(0, memory.Start[0]);
    }

    [Fact]
    public void Misuse_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExecutableMemory(1000));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExecutableMemory(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExecutableMemory((1 << 30) + 4096));
        var memory = new ExecutableMemory(Megabyte);
        Assert.True(memory.TryBegin(1, out var start, out var end));
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Commit(end + 1));
        memory.Commit(start + 64);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Commit(start + 63));
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Reset(128));
        Assert.Throws<ArgumentException>(() => memory.PatchAligned8(start + 4, 0));
        Assert.Throws<ArgumentException>(() => memory.PatchAligned8(end, 0));
        memory.Dispose();
        memory.Dispose();
        Assert.Throws<ObjectDisposedException>(() => memory.TryBegin(1, out _, out _));
        Assert.Throws<ObjectDisposedException>(() => memory.Reset());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_jump_can_be_patched_while_another_thread_runs_through_it(bool twoViews)
    {
        const int Patches = 1_000_000;
        using var memory = new ExecutableMemory(Megabyte, Mapping(twoViews));
        Assert.True(memory.TryBegin(4096, out var start, out var end));
        var code = new X64Assembler();
        code.Begin(start, end, memory.ExecuteDelta);
        // rdi: long[4] { stop, rounds, through one, through two }. Each round goes through exactly one of them.
        X64Label loop = default, one = default, two = default, next = default;
        code.Bind(ref loop);
        code.Inc(Qword, X64Memory.At(Rdi, 8));
        code.AlignForPatch(X64Assembler.JumpLength);
        var site = code.Cursor;
        code.Jmp(ref one);
        code.Bind(ref two);
        var twoAt = code.Cursor;
        code.Inc(Qword, X64Memory.At(Rdi, 24));
        code.Jmp(ref next);
        code.Bind(ref one);
        code.Inc(Qword, X64Memory.At(Rdi, 16));
        code.Bind(ref next);
        code.Cmp(Qword, X64Memory.At(Rdi), 0);
        code.Jcc(X64Condition.Equal, ref loop);
        code.Ret();
        memory.Commit(code.Cursor);

        var word = (byte*)((nuint)site & ~(nuint)7);
        var shift = 8 * ((int)(site - word) + 1);
        var toOne = *(ulong*)word;
        var displacement = (uint)(int)(twoAt - (site + X64Assembler.JumpLength));
        var toTwo = toOne & ~(0xFFFF_FFFFUL << shift) | (ulong)displacement << shift;
        Assert.NotEqual(toOne, toTwo);

        var counters = stackalloc long[4];
        var address = (nint)counters;
        var entry = (nint)(start + memory.ExecuteDelta);
        var thread = new Thread(() => ((delegate* unmanaged<long*, void>)entry)((long*)address));
        thread.Start();
        for (var i = 0; i < Patches; i++)
        {
            memory.PatchAligned8(word, (i & 1) == 0 ? toTwo : toOne);
            // Emitted code that never comes back holds up no collection.
            if (i % (Patches / 4) == 0)
                GC.Collect();
        }
        // However few the turns this thread's core was shared in: each way is gone at least once, then it ends.
        foreach (var (patch, counter) in (ReadOnlySpan<(ulong, int)>)[(toTwo, 3), (toOne, 2)])
        {
            memory.PatchAligned8(word, patch);
            var before = Volatile.Read(ref counters[counter]);
            while (Volatile.Read(ref counters[counter]) == before)
                Thread.Yield();
        }
        Volatile.Write(ref counters[0], 1);
        thread.Join();
        Assert.Equal(counters[1], counters[2] + counters[3]);
        Assert.True(counters[2] > 0 && counters[3] > 0);
    }

    private static CodeMapping Mapping(bool twoViews) => twoViews ? CodeMapping.TwoViews : CodeMapping.Automatic;

    private static List<(ulong Start, ulong End, string Protection, List<string> Lines)> Maps()
    {
        var maps = new List<(ulong, ulong, string, List<string>)>();
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            var head = line.Split(' ')[0];
            if (head.EndsWith(':'))
            {
                maps[^1].Item4.Add(line);
                continue;
            }
            var ends = head.Split('-');
            maps.Add((Convert.ToUInt64(ends[0], 16), Convert.ToUInt64(ends[1], 16), line.Split(' ')[1], []));
        }
        return maps;
    }

    private static string Protection(List<(ulong Start, ulong End, string Protection, List<string>)> maps, byte* address) =>
        maps.Single(m => m.Start <= (ulong)address && (ulong)address < m.End).Protection;

    // KiB of the writable view that are in the host's memory.
    private static int Resident(ExecutableMemory memory)
    {
        var lines = Maps().Single(m => m.Start <= (ulong)memory.Start && (ulong)memory.Start < m.End).Lines;
        return int.Parse(lines.Single(l => l.StartsWith("Rss:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
    }
}
