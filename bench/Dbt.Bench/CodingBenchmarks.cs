using BenchmarkDotNet.Attributes;
using Dbt.Isa;
using Dbt.Isa.Riscv;

namespace Dbt.Bench;

/// <summary>Decoder, encoder and disassembler, per instruction, over every operation with random operands.</summary>
public class CodingBenchmarks
{
    private const int Count = 4096;

    private readonly uint[] _words = new uint[Count];
    private readonly Instruction[] _instructions = new Instruction[Count];

    private static GuestIsa Isa => RiscvRv64.Instance;

    /// <summary>Fills the fields that are no operation's fixed bits at random, from one seed.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        var operations = Isa.Operations.OfType<OperationInfo>().ToArray();
        for (var i = 0; i < Count;)
        {
            var operation = operations[random.Next(operations.Length)];
            _words[i] = (uint)random.NextInt64(1L << 32) & ~operation.Mask | operation.Match;
            if (Isa.TryDecode(_words[i], Isa.DefaultExtensions, out _instructions[i]))
                i++;
        }
    }

    /// <summary>Bits to operation and operands.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public int Decode()
    {
        var sum = 0;
        foreach (var word in _words)
        {
            Isa.TryDecode(word, Isa.DefaultExtensions, out var instruction);
            sum += instruction.Operation;
        }
        return sum;
    }

    /// <summary>Operation and operands to bits.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public uint Encode()
    {
        var sum = 0u;
        foreach (ref readonly var instruction in _instructions.AsSpan())
        {
            Isa.TryEncode(instruction, out var bits);
            sum += bits;
        }
        return sum;
    }

    /// <summary>Operation and operands to text.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public int Disassemble()
    {
        var length = 0;
        foreach (ref readonly var instruction in _instructions.AsSpan())
            length += Isa.Disassemble(instruction, 0x10000).Length;
        return length;
    }
}
