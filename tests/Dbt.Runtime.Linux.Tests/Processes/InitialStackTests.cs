using System.Text;
using Dbt.Runtime.Elf;
using Dbt.Runtime.Linux.Processes;
using Dbt.Runtime.Memory;

namespace Dbt.Runtime.Linux.Tests.Processes;

public class InitialStackTests
{
    private const ulong End = 0x4000000 - 4096;
    private static readonly LoadedImage Program = new(0x10444, 0, 0x10000, 0x12345, 0x10040, 7, null, false);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 3)]
    [InlineData(7, 20)]
    public void ArgumentsEnvironmentAndVectorAreWhereTheAbiSays(int argumentCount, int environmentCount)
    {
        using var memory = new GuestMemory(End + 4096);
        var arguments = Enumerable.Range(0, argumentCount).Select(i => Encoding.UTF8.GetBytes($"argument{i}")).ToArray();
        var environment = Enumerable.Range(0, environmentCount).Select(i => Encoding.UTF8.GetBytes($"NAME{i}=ä")).ToArray();
        var pointer = InitialStack.Build(memory, End, arguments, environment, Program, 0x77000, 0x112d, "/bin/program"u8.ToArray(), out var vector);

        Assert.Equal(0UL, pointer % 16);
        var at = pointer;
        ulong Next()
        {
            Assert.True(memory.TryRead(at, out ulong word));
            at += 8;
            return word;
        }
        byte[] Text(ulong address)
        {
            Assert.True(memory.TryReadCString(address, 100, out var text));
            return text;
        }
        Assert.Equal((ulong)argumentCount, Next());
        Assert.Equal(arguments, arguments.Select(_ => Text(Next())).ToArray());
        Assert.Equal(0UL, Next());
        Assert.Equal(environment, environment.Select(_ => Text(Next())).ToArray());
        Assert.Equal(0UL, Next());
        var start = at;
        var entries = new Dictionary<ulong, ulong>();
        for (ulong type; (type = Next()) != 0;)
            entries.Add(type, Next());
        Assert.Equal(0UL, Next());
        var copy = new byte[at - start];
        Assert.True(memory.TryRead(start, copy));
        Assert.Equal(copy, vector);

        // AT_PHDR, PHENT, PHNUM, PAGESZ, BASE, FLAGS, ENTRY, HWCAP, CLKTCK, SECURE
        Assert.Equal(
            [0x10040, 56, 7, 4096, 0x77000, 0, 0x10444, 0x112d, 100, 0],
            new ulong[] { 3, 4, 5, 6, 7, 8, 9, 16, 17, 23 }.Select(type => entries[type]));
        // UID, EUID, GID, EGID
        Assert.All(new ulong[] { 11, 12, 13, 14 }, type => Assert.True(entries.ContainsKey(type)));
        Assert.Equal("/bin/program"u8.ToArray(), Text(entries[31]));
        var random = new byte[16];
        Assert.True(memory.TryRead(entries[25], random));
        Assert.NotEqual(new byte[16], random);
    }

    [Fact]
    public void BelowTheStackLiesAGuard()
    {
        using var memory = new GuestMemory(End + 4096);
        InitialStack.Build(memory, End, [], [], Program, 0, 0, [], out _);
        var bottom = End - LinuxProcessOptions.StackSize;
        Assert.True(memory.TryWrite(bottom, 1));
        Assert.False(memory.TryWrite(bottom - 4, 1));
        Assert.Equal("[stack]", memory.Find(bottom)?.Name);
        Assert.Equal("[guard]", memory.Find(bottom - 1)?.Name);
        Assert.True(memory.Find(bottom)!.Protection == MemoryProtection.ReadWrite);
    }

    [Fact]
    public void TooManyArgumentsAreRefused()
    {
        using var memory = new GuestMemory(End + 4096);
        var error = Assert.Throws<LinuxStartException>(() => InitialStack.Build(memory, End, [new byte[3 << 20]], [], Program, 0, 0, [], out _));
        Assert.StartsWith("arguments and environment are too long", error.Message, StringComparison.Ordinal);
        Assert.Equal(126, error.ExitCode);
    }
}
