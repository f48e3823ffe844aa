using Dbt.Runtime.Machine.Boot;
using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Tests.Elf;

namespace Dbt.Runtime.Machine.Tests.Boot;

public sealed class BootImageTests
{
    private const ulong Ram = PhysicalMemory.DefaultRamStart;

    /// <summary>Whatever a file says: it is loaded into RAM, or refused in words.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void Damaged_files_are_loaded_or_refused(int seed, bool isElf)
    {
        var random = new Random(seed);
        var good = isElf ? ElfBuilder.Program(address: Ram) : Image();
        using var memory = new PhysicalMemory(1 << 20);
        var loaded = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var file = (byte[])good.Clone();
            for (var changes = random.Next(4); changes >= 0; changes--)
                file[random.Next(isElf ? 0x200 : 64)] = (byte)random.Next(256);
            try
            {
                BootImage.ReadKernel(random.Next(10) == 0 ? file[..random.Next(file.Length)] : file, Ram).Load(memory);
                loaded++;
            }
            catch (BootException)
            {
                // In words.
            }
        }
        Assert.InRange(loaded, 100, 19_900);
    }

    [Fact]
    public void A_compressed_kernel_is_refused_with_a_way_out() =>
        Assert.Contains("gunzip", Assert.Throws<BootException>(() => BootImage.ReadKernel(new byte[] { 0x1F, 0x8B, 8, 0 }, Ram)).Message, StringComparison.Ordinal);

    private static byte[] Image()
    {
        var image = new byte[0x1000];
        BitConverter.TryWriteBytes(image.AsSpan(16), 0x2000UL);
        "RSC\x05"u8.CopyTo(image.AsSpan(0x38));
        return image;
    }
}
