using System.Globalization;
using System.Text;
using Dbt.Cli.Code;
using Dbt.Isa;
using Dbt.Isa.Riscv;
using Dbt.Translator.Explaining;

namespace Dbt.Listings.Tests;

/// <summary>Host code of every instruction, a file for each extension.</summary>
public sealed class OperationListingTests
{
    // Longer code of a variant is told by its size alone.
    private const int ShortVariant = 2;

    private const int CodeColumn = 49;

    private static readonly GuestIsa s_isa = RiscvRv64.Instance;

    public static TheoryData<string> Extensions => [.. OperationSamples.OperationsOf(s_isa).Select(operation => operation.Extension).Distinct()];

    [Theory]
    [MemberData(nameof(Extensions))]
    public void Host_code_is_what_it_was(string extension)
    {
        var operations = OperationSamples.OperationsOf(s_isa).Where(operation => operation.Extension == extension).ToList();
        var listing = new StringBuilder();
        int lines = 0, bytes = 0, interpreted = 0;
        foreach (var operation in operations)
        {
            var samples = OperationSamples.All(s_isa, operation).Select((sample, i) => Read(sample, isPlain: i == 0)).ToList();
            (lines, bytes) = (lines + samples[0].Lines, bytes + samples[0].Bytes);
            interpreted += samples[0].IsInterpreted ? 1 : 0;
            // Modes that are not printed often change nothing.
            listing.AppendJoin("", samples.Select(sample => sample.Text).Distinct());
        }
        Golden.Equal($"{s_isa.Name}-{extension}", string.Create(CultureInfo.InvariantCulture,
            $"""
            {extension}: {operations.Count} operations, {interpreted} of them interpreted; the others, in plain form: {lines} host instructions, {bytes} bytes.
            Columns: guest instruction; host instructions; bytes; cold bytes; host code.


            """) + listing);
    }

    private static (string Text, int Lines, int Bytes, bool IsInterpreted) Read(in Instruction sample, bool isPlain)
    {
        var compiled = Compiled.Of(s_isa, sample);
        var block = compiled.Blocks[0];
        var guest = $"{(isPlain ? "" : "  ")}{compiled.Guest.First()}";
        var hot = block.Parts.First(part => part.Instruction == 0);
        if (hot.Kind == CodePartKind.Interpreted)
            return ($"{guest,-36} interpreted\n", 0, 0, true);
        var host = compiled.HostOf(block, hot).Select(line => line.Text).ToList();
        var cold = block.Parts.Where(part => part is { IsCold: true, Instruction: 0 }).Sum(part => part.Length);
        var code = isPlain ? string.Join('\n' + new string(' ', CodeColumn), host) : host.Count <= ShortVariant ? string.Join("; ", host) : "";
        return ($"{guest,-36} {host.Count,2} {hot.Length,3} {(cold > 0 ? $"{cold}" : ""),3}  {code}".TrimEnd() + '\n', host.Count, hot.Length, false);
    }
}
