using Dbt.Isa;

namespace Dbt.Runtime.Linux.Tests.Fakes;

/// <summary>Thirty-two registers and nothing to execute: what system calls need of a guest.</summary>
internal sealed unsafe class FakeIsa : GuestIsa
{
    public override string Name => "fake";

    public override int WordBits => 64;

    public override int StateSize => sizeof(HartHeader) + 32 * sizeof(ulong);

    public override IReadOnlyList<OperationInfo?> Operations => [];

    public override IReadOnlyList<ExtensionInfo> Extensions { get; } =
        [.. new[] { "I", "M", "A", "F", "D", "C", "B", "Zba", "Zicond" }.Select((name, index) => new ExtensionInfo(name, index, ExtensionStatus.Ratified, "1", name, [], [], 0))];

    public override IReadOnlyList<RegisterFileInfo> RegisterFiles { get; } =
        [new("x", 32, 64, sizeof(HartHeader), sizeof(ulong), 0, [.. Enumerable.Range(0, 32).Select(i => $"r{i}")])];

    public override IReadOnlyList<CsrInfo> Csrs => [];

    public override ExtensionSet DefaultExtensions => new(0x1ff);

    public override string Fingerprint => "fake";

    public override string ReferencePage => "";

    public override int InstructionAlignment(ExtensionSet extensions) => 4;

    public override int LengthOf(ushort firstBits) => 4;

    public override bool TryDecode(uint bits, ExtensionSet extensions, out Instruction instruction)
    {
        instruction = default;
        return false;
    }

    public override bool TryEncode(in Instruction instruction, out uint bits)
    {
        bits = 0;
        return false;
    }

    public override Instruction Expand(in Instruction instruction) => instruction;

    public override ulong DirectTarget(in Instruction instruction, ulong pc) => 0;

    public override string Disassemble(in Instruction instruction, ulong pc, DisassemblyStyle style = DisassemblyStyle.Default) => "";

    public override void Interpret(HartHeader* state) => throw new NotSupportedException();

    public override bool Step(HartHeader* state, in Instruction instruction) => throw new NotSupportedException();
}
