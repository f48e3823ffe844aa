using Dbt.Isa.FloatingPoint;

namespace Dbt.Isa.Tests.FloatingPoint;

public sealed class ArithmeticTests
{
    private const int CasesPerOperation = 12_000;

    public static TheoryData<string> Operations => [.. ArithmeticOperation.All.Select(operation => operation.Name)];

    [Theory]
    [MemberData(nameof(Operations))]
    public void EveryPathGivesTheExactlyRoundedResultAndItsFlags(string name)
    {
        var operation = ArithmeticOperation.All.Single(candidate => candidate.Name == name);
        foreach (var (a, b, c) in Cases(operation, seed: 1))
        {
            foreach (var rounding in Enum.GetValues<FloatingPointRounding>())
            {
                uint expectedFlags = 0;
                var expected = operation.Reference(a, b, c, rounding, ref expectedFlags);
                uint softwareFlags = 0;
                var software = operation.Software(a, b, c, rounding, ref softwareFlags);
                if (software != expected || softwareFlags != expectedFlags)
                    Fail("software", software, softwareFlags);

                // No flag, Inexact (which opens the shortest path), and all others.
                foreach (var before in new uint[] { 0, 1, 30 })
                {
                    var flags = before;
                    var result = operation.Guest(a, b, c, rounding, ref flags);
                    if (result != expected || flags != (before | expectedFlags))
                        Fail($"guest from flags {before}", result, flags);
                }

                void Fail(string path, ulong result, uint flags) => Assert.Fail(
                    $"{name} {rounding} {a:x} {b:x} {c:x}: {path} gave {result:x} flags {flags}, expected {expected:x} flags {expectedFlags}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void PathsAgreeWithEachOtherAndWithTheHost(string name)
    {
        var operation = ArithmeticOperation.All.Single(candidate => candidate.Name == name);
        foreach (var (a, b, c) in Cases(operation, seed: 2))
        {
            uint softwareFlags = 1, relaxedFlags = 1, strictFlags = 0;
            var software = operation.Software(a, b, c, FloatingPointRounding.NearestEven, ref softwareFlags);
            var relaxed = operation.Guest(a, b, c, FloatingPointRounding.NearestEven, ref relaxedFlags);
            var strict = operation.Guest(a, b, c, FloatingPointRounding.NearestEven, ref strictFlags);
            var host = operation.Host(a, b, c);
            if (operation.Format.IsNaN(host))
                host = operation.Format.CanonicalNaN;
            if (relaxed != software || strict != software || host != software || relaxedFlags != softwareFlags || (strictFlags | 1) != softwareFlags)
            {
                Assert.Fail($"{name} {a:x} {b:x} {c:x}: software {software:x} flags {softwareFlags}, "
                    + $"relaxed {relaxed:x} flags {relaxedFlags}, strict {strict:x} flags {strictFlags}, host {host:x}");
            }
        }
    }

    private static IEnumerable<(ulong A, ulong B, ulong C)> Cases(ArithmeticOperation operation, int seed)
    {
        var operands = new Operands(seed);
        for (var i = 0; i < CasesPerOperation; i++)
        {
            var a = operands.Next(operation.Format);
            var b = operands.NextBeside(a, operation.Format);
            var product = operation.Format == BinaryFormat.Single
                ? BitConverter.SingleToUInt32Bits(BitConverter.UInt32BitsToSingle((uint)a) * BitConverter.UInt32BitsToSingle((uint)b))
                : BitConverter.DoubleToUInt64Bits(BitConverter.UInt64BitsToDouble(a) * BitConverter.UInt64BitsToDouble(b));
            yield return (a, b, operands.NextBeside(product, operation.Format));
        }
    }
}
