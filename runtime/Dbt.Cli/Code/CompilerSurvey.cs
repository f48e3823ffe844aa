using System.Buffers.Binary;
using Dbt.Isa;
using Dbt.Lab.Code;
using Dbt.Translator.Explaining;
using Dbt.Translator;

namespace Dbt.Cli.Code;

/// <summary>Finds out what a compiler makes of an operation by having it compile samples.</summary>
/// <param name="isa">The guest.</param>
/// <param name="create">Makes a compiler that reads the given code.</param>
internal sealed class CompilerSurvey(GuestIsa isa, Func<IGuestCode, IBlockExplainer> create)
{
    private const ulong Start = 0x10000;

    /// <summary>Every extension, drafts included.</summary>
    public static ExtensionSet AllOf(GuestIsa isa) =>
        isa.Extensions.Aggregate(default(ExtensionSet), (set, extension) => set.With(extension.Index));

    /// <summary>Compiles an operation with all samples of its operands.</summary>
    public SurveyedOperation Of(OperationInfo operation)
    {
        var samples = OperationSamples.All(isa, operation);
        var parts = samples.Select(HostCodeOf).ToList();
        var interpreted = samples.Zip(parts).Where(pair => pair.Second.Kind == CodePartKind.Interpreted).Select(pair => TextOf(pair.First)).Distinct().ToList();
        return new SurveyedOperation(operation, parts[0].Length, interpreted, interpreted.Count > 0 && parts.All(part => part.Kind == CodePartKind.Interpreted));
    }

    private CodePart HostCodeOf(Instruction sample)
    {
        isa.TryEncode(sample, out var bits);
        var code = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(code, bits);
        var image = new CodeImage([new CodeSection("", Start, code.AsMemory(0, sample.Length))]);
        return create(image).Explain(Start)!.Parts.First(part => part.Instruction == 0);
    }

    private string TextOf(Instruction sample) => isa.Disassemble(sample, Start).Replace('\t', ' ');
}
