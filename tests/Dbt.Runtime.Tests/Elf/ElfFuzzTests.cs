using Dbt.Runtime.Elf;
using Dbt.Runtime.Memory;

namespace Dbt.Runtime.Tests.Elf;

/// <summary>Hostile files: whatever is in them, parsing and loading succeed or raise ElfException, and stay inside the window.</summary>
public sealed unsafe class ElfFuzzTests
{
    private const int Cases = 24_000;

    // What headers are most likely to be wrong with: limits, signs, page borders.
    private static readonly ulong[] s_interesting =
    [
        0, 1, 2, 7, 8, 0x38, 0x40, 0x7F, 0x80, 0xFF, 0x100, 0xFFF, 0x1000, 0x1001, 0x7FFF, 0x8000, 0xFFFF, 0x1_0000, 0x7FFF_FFFF, 0x8000_0000,
        0xFFFF_FFFF, 1UL << 32, (1UL << 38) - 1, 1UL << 40, (1UL << 40) - 0x1000, 1UL << 47, long.MaxValue, 1UL << 63, ulong.MaxValue - 0xFFF, ulong.MaxValue,
    ];

    [Fact]
    public void Mutated_files_are_refused_or_loaded()
    {
        var seeds = new[]
        {
            ElfBuilder.Program(), ElfBuilder.Program(type: 3, address: 0), ElfBuilder.ProgramWithSymbols(), File.ReadAllBytes(TestGuests.PathOf("hello")),
        };
        var path = Path.GetTempFileName();
        try
        {
            using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
            using var memory = new GuestMemory(1UL << 40, limit: 16 << 20);
            var random = new Random(20_260_601);
            int loaded = 0, refused = 0;
            for (var i = 0; i < Cases; i++)
            {
                var bytes = Mutate(seeds[random.Next(seeds.Length)], random);
                ElfFile? file = null;
                try
                {
                    // Every fourth one from disk, where segments become mappings of the file.
                    if (i % 4 == 0)
                    {
                        RandomAccess.SetLength(handle, bytes.Length);
                        RandomAccess.Write(handle, bytes, 0);
                    }
                    file = i % 4 == 0 ? ElfFile.Parse(handle, ElfMachine.RiscV) : ElfFile.Parse(bytes, ElfMachine.RiscV);
                    var image = ElfLoader.Load(file, memory, preferred: i % 3 == 0 ? 0x5555_5000UL : 0);
                    loaded++;
                    Assert.True(image.Start < image.End && image.End <= memory.Size);
                    Assert.All(memory.Mappings, m => Assert.True(m.Start < m.End && m.End <= memory.Size));
                }
                catch (ElfException e)
                {
                    refused++;
                    Assert.DoesNotContain('\n', e.Message);
                    Assert.Empty(memory.Mappings);
                }
                if (file is not null)
                    ReadNames(file);
                Assert.Equal(MemoryError.None, memory.Unmap(0, memory.Size));
                Assert.Equal(0UL, memory.Charged);
            }
            // Otherwise the mutations are too wild, or too tame, to tell anything.
            Assert.InRange(loaded, Cases / 20, Cases);
            Assert.InRange(refused, Cases / 20, Cases);
            AssertWindowIsEmpty(memory);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void ReadNames(ElfFile file)
    {
        try
        {
            _ = file.ReadSymbols();
        }
        catch (ElfException)
        {
            // Refusing is what is expected of it.
        }
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        var bytes = (byte[])seed.Clone();
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            // Mostly in the headers, some in the section headers at the end; a field of any size, at any of its places.
            var size = 1 << random.Next(4);
            var at = random.Next(8) switch
            {
                0 => random.Next(bytes.Length - 8),
                1 => random.Next(bytes.Length - 3 * 64, bytes.Length - 8),
                _ => random.Next(64 + 4 * 56),
            } & -size;
            var value = random.Next(3) == 0 ? (ulong)random.NextInt64() : s_interesting[random.Next(s_interesting.Length)];
            BitConverter.GetBytes(value).AsSpan(0, size).CopyTo(bytes.AsSpan(at));
        }
        return random.Next(6) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    // The host knows best what was touched: after all is unmapped, the window and its guards are one inaccessible range again.
    private static void AssertWindowIsEmpty(GuestMemory memory)
    {
        var start = memory.Base - GuestMemory.GuardSize;
        Assert.Equal("---p", HostMaps.Permissions(start, 1)[0]);
        Assert.Equal((ulong)(memory.Base + memory.Size + GuestMemory.GuardSize), HostMaps.EndOf(start));
    }
}
