using Dbt.Translator.Explaining;
using Iced.Intel;

namespace Dbt.Lab.Listings;

/// <summary>Tells Iced what addresses, immediates and displacements stand for.</summary>
/// <param name="block">Whose code it is.</param>
internal sealed class HostSymbols(BlockExplanation block) : ISymbolResolver
{
    // What is as near as this behind a name belongs to it: part of a stub, or of a table.
    private const ulong Near = 512;

    private readonly Dictionary<int, string> _cold = block.Parts.Where(part => part.IsCold)
        .Select((part, i) => (part.Offset, Label: $"{Word(part.Kind)}{i + 1}")).ToDictionary();

    /// <summary>What the code at an offset is called; null when it has no name.</summary>
    public string? LabelAt(int offset) => _cold.GetValueOrDefault(offset);

    /// <inheritdoc/>
    public bool TryGetSymbol(in Instruction instruction, int operand, int instructionOperand, ulong address, int addressSize, out SymbolResult symbol)
    {
        var isData = instructionOperand >= 0 && instruction.GetOpKind(instructionOperand) == OpKind.Memory;
        if (isData && !instruction.IsIPRelativeMemoryOperand)
            return TryGetField(instruction, address, out symbol);
        var offset = address - block.HostAddress;
        var isJump = instruction.IsJccShortOrNear || instruction.IsJmpShortOrNear || instruction.IsCallNear;
        if (isJump && offset < (ulong)block.HostCode.Length)
            symbol = new SymbolResult(address, LabelAt((int)offset) ?? $"+{offset:x3}");
        else if (block.Names.Addresses.TryGetValue(address, out var name))
            symbol = new SymbolResult(address, name);
        else if ((isJump || isData) && NameBefore(address) is { Value: { } before, Key: var start })
            symbol = new SymbolResult(start, before);
        else
            symbol = default;
        return !symbol.Text.IsDefault;
    }

    private static string Word(CodePartKind kind) => kind switch
    {
        CodePartKind.OutOfBudget => "budget",
        CodePartKind.HandOver => "interpret",
        CodePartKind.CallOut => "callout",
        CodePartKind.Hypercall => "call",
        CodePartKind.RareResult => "rare",
        CodePartKind.Skipped => "skip",
        _ => "exit",
    };

    private bool TryGetField(in Instruction instruction, ulong displacement, out SymbolResult symbol)
    {
        symbol = default;
        if (!string.Equals(instruction.MemoryBase.ToString(), block.Names.StateRegister, StringComparison.OrdinalIgnoreCase))
            return false;
        var distance = (long)displacement;
        if (block.Names.StateFields.TryGetValue(distance, out var name))
            symbol = new SymbolResult(displacement, name);
        else if (block.Names.StateFields.TryGetValue(distance - 4, out name))
            symbol = new SymbolResult(displacement - 4, name); // the upper half
        return name is not null;
    }

    private KeyValuePair<ulong, string> NameBefore(ulong address) =>
        block.Names.Addresses.Where(name => address - name.Key < Near).OrderBy(name => address - name.Key).FirstOrDefault();
}
