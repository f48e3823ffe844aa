using Dbt.Isa;
using Dbt.Isa.Riscv;
using Dbt.Lab.Corpora;
using Dbt.Runtime.Memory;

namespace Dbt.Lab.Tests.Corpora;

public sealed class CorpusFileTests
{
    private static readonly GuestIsa s_isa = RiscvRv64.Instance;

    [Fact]
    public void Comes_back_as_it_was_written()
    {
        var corpus = Sample();
        var read = CorpusFile.Read("x", CorpusFile.Write(corpus), [s_isa]);
        Assert.Equal(corpus.Program, read.Program);
        Assert.Equal(corpus.Extensions, read.Extensions);
        var (before, after) = (Assert.Single(corpus.Regions), Assert.Single(read.Regions));
        Assert.Equal((before.Start, before.Name, before.Share, before.Instructions), (after.Start, after.Name, after.Share, after.Instructions));
        Assert.Equal(before.Entry.Values, after.Entry.Values);
        Assert.Equal(before.Blocks, after.Blocks);
        Assert.Equal(before.EndDigest, after.EndDigest);
        Assert.Equal(before.Pages[0].Bytes, after.Pages[0].Bytes);
        Assert.Equal(before.Pages[0].Protection, after.Pages[0].Protection);
    }

    [Fact]
    public void Each_damaged_byte_is_noticed()
    {
        var file = CorpusFile.Write(Sample());
        for (var i = 0; i < file.Length; i++)
        {
            var damaged = file.ToArray();
            damaged[i] ^= 0x40;
            Assert.Throws<LabException>(() => CorpusFile.Read("x", damaged, [s_isa]));
        }
    }

    [Fact]
    public void Each_lost_byte_is_noticed()
    {
        var file = CorpusFile.Write(Sample());
        for (var length = 0; length < file.Length; length++)
            Assert.Throws<LabException>(() => CorpusFile.Read("x", file.AsSpan(0, length), [s_isa]));
    }

    [Theory]
    [InlineData(0, (byte)'X', "is no corpus")]
    [InlineData(8, 2, "version 2")]
    [InlineData(60, 0xff, "is damaged")]
    public void Says_what_is_wrong(int at, byte value, string what)
    {
        var file = CorpusFile.Write(Sample());
        file[at] = value;
        Assert.Contains(what, Assert.Throws<LabException>(() => CorpusFile.Read("x", file, [s_isa])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_guest_that_is_unknown_is_named() =>
        Assert.Contains("rv64", Assert.Throws<LabException>(() => CorpusFile.Read("x", CorpusFile.Write(Sample()), [RiscvRv32.Instance])).Message, StringComparison.Ordinal);

    private static Corpus Sample()
    {
        var page = new byte[GuestMemory.PageSize];
        new Random(1).NextBytes(page.AsSpan(0, 64));
        var values = new ulong[RegisterState.CountOf(s_isa)];
        values[5] = ulong.MaxValue;
        return new(s_isa, s_isa.DefaultExtensions, "program with arguments",
        [
            new CapturedRegion
            {
                Start = 0x10000,
                Name = "main+0x4",
                Share = 0.25,
                Instructions = 1234,
                Entry = new(0x10000, 1, 2, values),
                EndDigest = [.. Enumerable.Range(0, 32).Select(i => (byte)i)],
                Blocks = [new(0x10000, 3, 400)],
                Pages = [new(0x10000, MemoryProtection.Read | MemoryProtection.Execute, page)],
            },
        ]);
    }
}
