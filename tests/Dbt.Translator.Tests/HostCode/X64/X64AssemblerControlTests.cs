using System.Runtime.InteropServices;
using Dbt.Translator.HostCode.X64;
using Iced.Intel;
using static Dbt.Translator.HostCode.X64.X64Register;

namespace Dbt.Translator.Tests.HostCode.X64;

/// <summary>Targets, labels and padding of <see cref="X64Assembler"/>.</summary>
public sealed unsafe class X64AssemblerControlTests : IDisposable
{
    private const int BufferBytes = 1 << 16;

    private readonly byte* _buffer = (byte*)NativeMemory.AlignedAlloc(BufferBytes, 16);
    private readonly X64Assembler _assembler = new();

    public X64AssemblerControlTests() => _assembler.Begin(_buffer, _buffer + BufferBytes);

    public void Dispose() => NativeMemory.AlignedFree(_buffer);

    [Theory]
    [InlineData(0)]
    [InlineData(0x1000_0000)]
    [InlineData(-0x1000_0000)]
    public void Jumps_and_calls_reach_their_targets_where_they_are_executed(int delta)
    {
        _assembler.Begin(_buffer, _buffer + BufferBytes, delta);
        int[] distances = [0, 1000, -1000, 0x7FFF_0000, -0x7FFF_0000];
        foreach (var distance in distances)
        {
            var target = _buffer + delta + distance;
            _assembler.Jmp(target);
            _assembler.Call(target);
            foreach (var condition in Enum.GetValues<X64Condition>())
                _assembler.Jcc(condition, target);
        }
        var decoded = Decode(delta);
        Assert.Equal(5 * 18, decoded.Count);
        for (var i = 0; i < decoded.Count; i++)
        {
            var target = (ulong)(_buffer + delta + distances[i / 18]);
            Assert.Equal(target, decoded[i].NearBranchTarget);
            var expected = (i % 18) switch { 0 => Mnemonic.Jmp, 1 => Mnemonic.Call, var n => ConditionalJump((X64Condition)(n - 2)) };
            Assert.Equal(expected, decoded[i].Mnemonic);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => _assembler.Jmp(_buffer + delta + 0x8001_0000));
        Assert.Throws<ArgumentOutOfRangeException>(() => _assembler.Call(_buffer + delta - 0x8001_0000));
        Assert.Throws<ArgumentOutOfRangeException>(() => _assembler.RipRelative(_buffer + delta + 0x8001_0000));
    }

    [Fact]
    public void Random_jumps_reach_their_labels()
    {
        var random = new Random(5);
        for (var round = 0; round < 300; round++)
        {
            _assembler.Rewind(0);
            var labels = new X64Label[20];
            var jumps = new List<(int Offset, int Label, X64Condition? Condition)>();
            var places = new int[labels.Length];
            for (var bound = 0; bound < labels.Length;)
            {
                var label = random.Next(labels.Length);
                var condition = (X64Condition)random.Next(16);
                switch (random.Next(6))
                {
                    case 0:
                        places[bound] = _assembler.Length;
                        _assembler.Bind(ref labels[bound++]);
                        Assert.True(labels[bound - 1].IsBound);
                        break;
                    case 1:
                        jumps.Add((_assembler.Length, label, null));
                        _assembler.Jmp(ref labels[label]);
                        break;
                    case 2:
                        _assembler.Nop(random.Next(round % 3 * 100));
                        break;
                    default:
                        jumps.Add((_assembler.Length, label, condition));
                        _assembler.Jcc(condition, ref labels[label]);
                        break;
                }
            }
            var decoded = Decode().ToDictionary(i => (int)(i.IP - (ulong)_buffer));
            foreach (var (offset, label, condition) in jumps)
            {
                Assert.Equal((ulong)_buffer + (uint)places[label], decoded[offset].NearBranchTarget);
                Assert.Equal(condition is { } c ? ConditionalJump(c) : Mnemonic.Jmp, decoded[offset].Mnemonic);
                // Back to where it is known already, in two bytes if they reach.
                var distance = places[label] - (offset + 2);
                Assert.Equal(distance is < 0 and >= -128 && places[label] <= offset, decoded[offset].Length == 2);
            }
        }
    }

    [Fact]
    public void Short_jumps_reach_their_labels_or_are_refused()
    {
        X64Label label = default, near = default;
        for (var i = 0; i < 20; i++)
            _assembler.JccShort((X64Condition)(i % 16), ref label);
        _assembler.JmpShort(ref label);
        _assembler.Jmp(ref label);
        _assembler.Nop(80);
        _assembler.Bind(ref label);
        _assembler.JmpShort(ref label);
        _assembler.JccShort(X64Condition.Less, ref label);
        var end = _assembler.Length;
        var target = (ulong)_buffer + 42 + 5 + 80;
        var jumps = Decode().Where(i => i.Mnemonic != Mnemonic.Nop).ToList();
        Assert.Equal(24, jumps.Count);
        Assert.All(jumps, j => Assert.Equal(target, j.NearBranchTarget));
        Assert.Equal(ConditionalJump(X64Condition.NotEqual), jumps[5].Mnemonic);
        Assert.Equal(42 + 5 + 80, end - 4);

        _assembler.Nop(200);
        Assert.Throws<InvalidOperationException>(() => _assembler.JmpShort(ref label));
        _assembler.JmpShort(ref near);
        _assembler.Nop(127);
        _assembler.Bind(ref near);
        near = default;
        _assembler.JmpShort(ref near);
        _assembler.Nop(128);
        Assert.Throws<InvalidOperationException>(() => _assembler.Bind(ref near));
    }

    [Fact]
    public void Nops_have_the_wanted_length_and_are_few()
    {
        for (var bytes = 0; bytes < 40; bytes++)
        {
            _assembler.Rewind(0);
            _assembler.Nop(bytes);
            Assert.Equal(bytes, _assembler.Length);
            var decoded = Decode();
            Assert.Equal((bytes + 8) / 9, decoded.Count);
            Assert.All(decoded, i => Assert.Equal(Mnemonic.Nop, i.Mnemonic));
        }
    }

    [Fact]
    public void What_is_to_be_patched_lies_in_eight_aligned_bytes()
    {
        for (var before = 0; before < 16; before++)
            for (var length = 1; length <= 8; length++)
            {
                _assembler.Rewind(0);
                _assembler.Nop(before);
                _assembler.AlignForPatch(length);
                var first = (nuint)_assembler.Cursor;
                Assert.Equal(first / 8, (first + (nuint)length - 1) / 8);
                Assert.Equal((before & 7) + length > 8, _assembler.Length != before);
            }
    }

    [Fact]
    public void It_knows_where_it_is_and_what_room_there_is()
    {
        _assembler.Begin(_buffer, _buffer + 40, 0x1234);
        Assert.True(_assembler.HasRoom(32));
        Assert.False(_assembler.HasRoom(33));
        _assembler.Push(R12);
        Assert.Equal(2, _assembler.Length);
        Assert.True(_assembler.Cursor == _buffer + 2);
        Assert.True(_assembler.Address == _buffer + 2 + 0x1234);
        Assert.False(_assembler.HasRoom(32));
        _assembler.Rewind(1);
        Assert.True(_assembler.Cursor == _buffer + 1);
    }

    private List<Iced.Intel.Instruction> Decode(int delta = 0)
    {
        var decoder = Decoder.Create(64, new ReadOnlySpan<byte>(_buffer, _assembler.Length).ToArray(), (ulong)_buffer + (ulong)(long)delta);
        var decoded = new List<Iced.Intel.Instruction>();
        while (decoder.IP < (ulong)_assembler.Address)
            decoded.Add(decoder.Decode());
        return decoded;
    }

    private static Mnemonic ConditionalJump(X64Condition condition) => new[]
    {
        Mnemonic.Jo, Mnemonic.Jno, Mnemonic.Jb, Mnemonic.Jae, Mnemonic.Je, Mnemonic.Jne, Mnemonic.Jbe, Mnemonic.Ja,
        Mnemonic.Js, Mnemonic.Jns, Mnemonic.Jp, Mnemonic.Jnp, Mnemonic.Jl, Mnemonic.Jge, Mnemonic.Jle, Mnemonic.Jg,
    }[(int)condition];
}
