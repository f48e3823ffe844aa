using System.Globalization;
using System.Text;

namespace Dbt.Isa.Disassembly;

/// <summary>Fills templates with operands. The texts of the kinds are the language's, see isa-specs/README.md.</summary>
internal sealed class InstructionFormatter(GuestIsa isa)
{
    private static readonly string[] orders = ["", ".rl", ".aq", ".aqrl"];
    private static readonly string[] roundings = ["rne", "rtz", "rdn", "rup", "rmm"];
    private static readonly string[] fences =
        ["unknown", "w", "r", "rw", "o", "ow", "or", "orw", "i", "iw", "ir", "irw", "io", "iow", "ior", "iorw"];

    private readonly Dictionary<long, string> _csrs = isa.Csrs.ToDictionary(csr => (long)csr.Number, csr => csr.Name);

    /// <summary>The text of an instruction; compressed forms as their base, unless they have an alias of their own.</summary>
    public string Disassemble(InstructionFormat?[] formats, in Instruction instruction, ulong pc, DisassemblyStyle style)
    {
        if (instruction.Operation >= formats.Length || formats[instruction.Operation] is not { } format)
            return "unimp";
        if ((style & DisassemblyStyle.NoAliases) != 0)
            return Fill(format.Template, instruction, pc, style);
        if (Alias(format, instruction) is { } own)
            return Fill(own, instruction, pc, style);
        var expanded = isa.Expand(instruction);
        format = formats[expanded.Operation]!;
        return Fill(Alias(format, expanded) ?? format.Template, expanded, pc, style);
    }

    private static string? Alias(InstructionFormat format, in Instruction instruction)
    {
        foreach (var alias in format.Aliases)
            if (alias.Matches(instruction))
                return alias.Template;
        return null;
    }

    private string Fill(string template, in Instruction instruction, ulong pc, DisassemblyStyle style)
    {
        var text = new StringBuilder();
        for (var i = 0; i < template.Length; i++)
            if (template[i] != '%')
                text.Append(template[i]);
            else if (template[i + 1] == '=')
            {
                AppendRegister(text, template[i + 2] - '0', int.Parse(template.AsSpan(i + 3, 2), CultureInfo.InvariantCulture), style);
                i += 4;
            }
            else
            {
                AppendOperand(text, template[i + 2], instruction[SlotOf(template[i + 1])], pc, style);
                i += 2;
            }
        return text.ToString();
    }

    private static OperandSlot SlotOf(char letter) => letter == 'I' ? OperandSlot.Immediate : (OperandSlot)(letter - 'A');

    private void AppendOperand(StringBuilder text, char kind, long value, ulong pc, DisassemblyStyle style)
    {
        switch (kind)
        {
            case 'd':
                text.Append(value);
                break;
            case 'h':
                text.Append(CultureInfo.InvariantCulture, $"0x{value:x}");
                break;
            case 'u':
                text.Append(CultureInfo.InvariantCulture, $"0x{value >> 12 & 0xfffff:x}");
                break;
            case 'p':
                var target = pc + (ulong)value;
                text.Append(CultureInfo.InvariantCulture, $"0x{(isa.WordBits == 32 ? (uint)target : target):x}");
                break;
            case 'c':
                text.Append(_csrs.TryGetValue(value, out var name) ? name : $"0x{value:x}");
                break;
            case 'o':
                text.Append(orders[value & 3]);
                break;
            case 'f':
                text.Append(fences[value & 15]);
                break;
            case 'r' when value < roundings.Length:
                text.Append(roundings[value]);
                break;
            case 'r':
                if (text[^1] == ',')
                    text.Length--;
                break;
            default:
                AppendRegister(text, kind - '0', (int)value, style);
                break;
        }
    }

    private void AppendRegister(StringBuilder text, int file, int number, DisassemblyStyle style)
    {
        var info = isa.RegisterFiles[file];
        if ((style & DisassemblyStyle.Numeric) != 0)
            text.Append(info.Name).Append(number);
        else
            text.Append(number < info.Names.Count ? info.Names[number] : "?");
    }
}
