using System.Buffers.Binary;
using Dbt.Isa;

namespace Dbt.Lab.Code;

/// <summary>Prints guest code line by line, as objdump does.</summary>
/// <param name="isa">The guest.</param>
/// <param name="extensions">Extensions that are on.</param>
/// <param name="style">How to print.</param>
internal sealed class Disassembler(GuestIsa isa, ExtensionSet extensions, DisassemblyStyle style)
{
    private const int Unit = 2;

    /// <summary>The instructions of an image within a range. What cannot be decoded comes as data.</summary>
    public IEnumerable<DisassembledLine> Lines(CodeImage image, CodeSection section, AddressRange range)
    {
        var address = Math.Max(section.Address, range.Start);
        var end = Math.Min(section.End, range.End);
        while (address < end)
        {
            var line = Line(image, section, address);
            yield return line;
            address += (ulong)line.Length;
        }
    }

    /// <summary>The instructions of all sections of an image within a range.</summary>
    public IEnumerable<DisassembledLine> Lines(CodeImage image, AddressRange range) =>
        image.Sections.SelectMany(section => Lines(image, section, range));

    private DisassembledLine Line(CodeImage image, CodeSection section, ulong address)
    {
        var bytes = section.Bytes.Span[(int)(address - section.Address)..];
        if (bytes.Length < Unit)
            return new DisassembledLine(address, bytes[0], 1, $".byte\t0x{bytes[0]:x2}");
        var low = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        var isWhole = isa.LengthOf(low) is var length && length <= bytes.Length && length <= sizeof(uint);
        var bits = isWhole && length > Unit ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : low;
        if (isWhole && isa.TryDecode(bits, extensions, out var instruction))
            return new DisassembledLine(address, bits, length, isa.Disassemble(instruction, address, style) + TargetName(image, instruction, address));
        return isWhole && length > Unit
            ? new DisassembledLine(address, bits, length, $".4byte\t0x{bits:x}")
            : new DisassembledLine(address, low, Unit, $".2byte\t0x{low:x}");
    }

    private string TargetName(CodeImage image, in Instruction instruction, ulong address)
    {
        var isJump = (isa.Operations[instruction.Operation]!.Traits & OperationTraits.DirectJump) != 0;
        return isJump && image.NameOf(isa.DirectTarget(instruction, address)) is { } name ? $" <{name}>" : "";
    }
}
