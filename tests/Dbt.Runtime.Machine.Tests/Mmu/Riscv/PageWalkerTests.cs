using Dbt.Isa;
using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Mmu.Riscv;

namespace Dbt.Runtime.Machine.Tests.Mmu.Riscv;

public sealed class PageWalkerTests : IDisposable
{
    private const ulong Ram = PhysicalMemory.DefaultRamStart, Length = 1 << 20;
    private const ulong V = 1, R = 2, W = 4, X = 8, U = 0x10, A = 0x40, D = 0x80;
    private const ulong Root = Ram + 0x1000, Middle = Ram + 0x2000, Leaves = Ram + 0x3000;
    private const int Supervisor = 1, User = 0;

    private readonly PhysicalMemory _memory = new(Length);
    private readonly PhysicalProtection _protection = new();
    private readonly PageWalker _walker;

    public PageWalkerTests()
    {
        _protection.Load([0x1F, .. new byte[15]], [(1UL << 54) - 1, .. new ulong[15]]);
        _walker = new PageWalker(_memory, _protection);
    }

    public void Dispose() => _memory.Dispose();

    [Theory]
    [InlineData(V | R | W | A | D, AccessKind.Write, Supervisor, "Found")]
    [InlineData(V | R | A, AccessKind.Write, Supervisor, "PageFault")]
    [InlineData(V | R | W | A, AccessKind.Write, Supervisor, "PageFault")]
    [InlineData(V | R | W | D, AccessKind.Read, Supervisor, "PageFault")]
    [InlineData(V | R | W | A, AccessKind.Read, Supervisor, "Found")]
    [InlineData(V | X | A, AccessKind.Read, Supervisor, "PageFault")]
    [InlineData(V | X | A, AccessKind.Execute, Supervisor, "Found")]
    [InlineData(V | R | A, AccessKind.Execute, Supervisor, "PageFault")]
    [InlineData(R | A, AccessKind.Read, Supervisor, "PageFault")]
    [InlineData(V | W | A | D, AccessKind.Read, Supervisor, "PageFault")]
    [InlineData(V | W | X | A | D, AccessKind.Execute, Supervisor, "PageFault")]
    [InlineData(V | R | U | A, AccessKind.Read, Supervisor, "PageFault")]
    [InlineData(V | R | U | A, AccessKind.Read, User, "Found")]
    [InlineData(V | R | A, AccessKind.Read, User, "PageFault")]
    [InlineData(V | R | A | 1UL << 54, AccessKind.Read, Supervisor, "PageFault")]
    [InlineData(V | R | A | 1UL << 60, AccessKind.Read, Supervisor, "PageFault")]
    [InlineData(V | R | A | 1UL << 61, AccessKind.Read, Supervisor, "PageFault")]
    [InlineData(V | R | A | 1UL << 63, AccessKind.Read, Supervisor, "PageFault")]
    public void A_leafs_bits_decide(ulong bits, AccessKind access, int privilege, string expected)
    {
        Map(Ram + 0x5000, bits);
        Assert.Equal(expected, Translate(0x123, access, privilege).Outcome.ToString());
    }

    [Fact]
    public void Rights_are_lent_by_SUM_and_MXR()
    {
        Map(Ram + 0x5000, V | R | W | U | A | D);
        Assert.Equal(TranslationOutcome.Found, Translate(0, AccessKind.Write, Supervisor, sum: true).Outcome);
        Map(Ram + 0x5000, V | X | U | A);
        Assert.Equal(TranslationOutcome.PageFault, Translate(0, AccessKind.Execute, Supervisor, sum: true).Outcome);
        Assert.Equal(TranslationOutcome.Found, Translate(0, AccessKind.Read, User, mxr: true).Outcome);
    }

    [Fact]
    public void Marks_are_set_where_the_guest_wants_that()
    {
        Map(Ram + 0x5000, V | R | W);
        Assert.Equal(TranslationOutcome.Found, Translate(0, AccessKind.Read, Supervisor, updates: true).Outcome);
        Assert.Equal(A, Entry(Leaves) & (A | D));
        Assert.Equal(TranslationOutcome.Found, Translate(0, AccessKind.Write, Supervisor, updates: true).Outcome);
        Assert.Equal(A | D, Entry(Leaves) & (A | D));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(21)]
    public void Superpages_are_aligned(int bits)
    {
        var size = bits == 9 ? 1UL << 21 : 1UL << 30;
        var table = bits == 9 ? Middle : Root;
        Put(Root, Pointer(Middle));
        Put(table, size >> 2 | V | R | A);
        var translation = Translate(size - 1, AccessKind.Read, Supervisor);
        Assert.Equal((TranslationOutcome.Found, (2 * size) - 1, size), (translation.Outcome, translation.Physical, translation.Size));
        Put(table, size >> 2 | 1 << 10 | V | R | A);
        Assert.Equal(TranslationOutcome.PageFault, Translate(0, AccessKind.Read, Supervisor).Outcome);
    }

    [Fact]
    public void Groups_of_64_KiB_take_their_low_bits_from_the_address()
    {
        Map(0, V | R | A);
        Put(Leaves + 5 * 8, (Ram + 0x8000) >> 2 | 1UL << 63 | V | R | A);
        var translation = Translate(0x5678, AccessKind.Read, Supervisor);
        Assert.Equal((TranslationOutcome.Found, Ram + 0x5678, 0x10000UL), (translation.Outcome, translation.Physical, translation.Size));
        Put(Leaves + 5 * 8, (Ram + 0x4000) >> 2 | 1UL << 63 | V | R | A);
        Assert.Equal(TranslationOutcome.PageFault, Translate(0x5678, AccessKind.Read, Supervisor).Outcome);
    }

    [Theory]
    [InlineData(1UL << 38)]
    [InlineData(1UL << 63)]
    [InlineData(0xFFFF_FFBF_FFFF_FFFF)]
    public void Addresses_beyond_the_mode_fault(ulong address)
    {
        Map(Ram + 0x5000, V | R | A);
        Assert.Equal(TranslationOutcome.PageFault, Translate(address, AccessKind.Read, Supervisor).Outcome);
    }

    [Fact]
    public void Tables_that_lead_to_themselves_end()
    {
        Put(Root, Pointer(Root));
        Assert.Equal(TranslationOutcome.PageFault, Translate(0, AccessKind.Read, Supervisor).Outcome);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(Ram + Length)]
    [InlineData((1UL << 56) - 4096)]
    public void Tables_outside_of_RAM_are_access_faults(ulong table)
    {
        Put(Root, Pointer(table));
        Assert.Equal(TranslationOutcome.AccessFault, Translate(0, AccessKind.Read, Supervisor).Outcome);
    }

    [Theory]
    [InlineData(U)]
    [InlineData(A)]
    [InlineData(D)]
    [InlineData(1UL << 61)]
    [InlineData(1UL << 63)]
    public void Pointers_have_no_other_bits(ulong bit)
    {
        Map(Ram + 0x5000, V | R | A);
        Put(Root, Pointer(Middle) | bit);
        Assert.Equal(TranslationOutcome.PageFault, Translate(0, AccessKind.Read, Supervisor).Outcome);
    }

    // Whatever tables say, a walk ends, and writes nothing but marks.
    [Fact]
    public void Random_tables_do_no_harm()
    {
        var random = new Random(1);
        var bytes = new byte[0x8000];
        for (var round = 0; round < 200; round++)
        {
            random.NextBytes(bytes);
            for (var i = 0; i < bytes.Length; i += 8)
            {
                // Mostly entries that lead on.
                var entry = random.Next(4) == 0 ? BitConverter.ToUInt64(bytes, i) : (Ram >> 2) + ((uint)random.Next(8) << 10) | (uint)random.Next(256) | V;
                BitConverter.TryWriteBytes(bytes.AsSpan(i), entry);
            }
            Assert.True(_memory.TryWrite(Ram, bytes));
            for (var i = 0; i < 100; i++)
            {
                var mode = (ulong)random.Next(8, 11);
                var request = new TranslationRequest(mode << 60 | (Ram >> 12) + (ulong)random.Next(8), random.Next(2), (AccessKind)random.Next(3),
                    random.Next(2) == 0, random.Next(2) == 0, random.Next(2) == 0, random.Next(2) == 0);
                var address = (ulong)(random.NextInt64() >> random.Next(64)) ^ (random.Next(2) == 0 ? ulong.MaxValue : 0);
                _ = _walker.Translate(address, request);
            }
            for (var i = 0; i < bytes.Length; i += 8)
                Assert.Equal(BitConverter.ToUInt64(bytes, i) | A | D, Entry(Ram + (ulong)i) | A | D);
        }
    }

    [Fact]
    public void Protection_goes_by_the_first_entry_that_matches()
    {
        // 8 bytes without any right at the beginning of RAM, then read-only RAM, for all but M mode.
        _protection.Load([0x18, 0x19, .. new byte[14]], [Ram >> 2, Ram >> 2 | (Length >> 3) - 1, .. new ulong[14]]);
        Assert.False(_protection.Allows(Ram, 8, AccessKind.Read, Supervisor));
        Assert.False(_protection.Allows(Ram + 4, 8, AccessKind.Read, Supervisor));
        Assert.True(_protection.Allows(Ram + 8, 8, AccessKind.Read, Supervisor));
        Assert.False(_protection.Allows(Ram + 8, 8, AccessKind.Write, User));
        Assert.False(_protection.Allows(Ram + Length, 8, AccessKind.Read, Supervisor));
        Assert.True(_protection.Allows(Ram + 8, 8, AccessKind.Write, 3));
        Assert.False(_protection.IsUniform(Ram));
        Assert.True(_protection.IsUniform(Ram + 0x1000));
    }

    private Translation Translate(ulong address, AccessKind access, int privilege, bool sum = false, bool mxr = false, bool updates = false) =>
        _walker.Translate(address, new TranslationRequest(8UL << 60 | Root >> 12, privilege, access, sum, mxr, updates, false));

    private void Map(ulong page, ulong bits)
    {
        Put(Root, Pointer(Middle));
        Put(Middle, Pointer(Leaves));
        Put(Leaves, page >> 2 | bits);
    }

    private static ulong Pointer(ulong table) => table >> 2 | V;

    private void Put(ulong address, ulong entry) => Assert.True(_memory.TryStore(address, 8, entry));

    private ulong Entry(ulong address)
    {
        Assert.True(_memory.TryLoad(address, 8, out var entry));
        return entry;
    }
}
