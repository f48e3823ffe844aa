using Dbt.Translator.Il.Blocks;
using Dbt.Translator.Tests.Toy;
using static Dbt.Translator.Tests.Toy.ToyMachine;
using static Dbt.Translator.Tests.Toy.ToyOperation;

namespace Dbt.Translator.Tests;

public sealed class BlockExplainerTests
{
    [Fact]
    public void A_block_is_shown_as_guest_code_IL_and_host_code()
    {
        using var machine = new ToyMachine("block");
        machine.Write(Code, Encode(Load, 2, 1, 8), Encode(AddImmediate, 2, 2, 0x1234), Encode(Call));
        var explanation = new BlockExplainer(new ToyLifter(), default, machine.Memory).Explain(Code)!;
        Assert.Equal([Code, Code + 4, Code + 8], explanation.Instructions.Select(instruction => instruction.Pc));
        Assert.Equal(12, explanation.GuestCode.Length);
        Assert.Equal(["// 0", "// 1", "// 2"], explanation.Il.Where(line => line.StartsWith("//", StringComparison.Ordinal)));
        Assert.Contains("    ldc.i8 0x1234", explanation.Il);
        Assert.NotEqual(0UL, explanation.HostAddress);
        // The immediate is in the host's code, and the code ends with a return or a jump.
        Assert.NotEqual(-1, explanation.HostCode.AsSpan().IndexOf(new byte[] { 0x34, 0x12, 0, 0 }));
        // ret, int3, or jmp through any of the first eight registers.
        Assert.True(explanation.HostCode[^1] is 0xc3 or 0xcc or (>= 0xe0 and <= 0xe7), $"ends with {explanation.HostCode[^1]:x}");
        Assert.Null(new BlockExplainer(new ToyLifter(), default, machine.Memory).Explain(Data));
    }
}
