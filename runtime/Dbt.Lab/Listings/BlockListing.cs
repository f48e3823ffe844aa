using System.Globalization;
using Dbt.Lab.Code;
using Dbt.Translator.Explaining;

namespace Dbt.Lab.Listings;

/// <summary>One block as <c>dbt explain</c> prints it: guest code, IL where there is any, host code.</summary>
internal sealed class BlockListing
{
    // Longer host instructions exist, but are too rare to make all others hard to read.
    private const int ByteColumns = 10;

    private const string IlMark = "// ";

    private readonly BlockExplanation _block;
    private readonly CodeImage _image;
    private readonly bool _isStable;
    private readonly List<ListingSection> _sections = [];
    private readonly List<HostLine> _unassigned = [];

    /// <summary>Prepares a listing.</summary>
    /// <param name="block">What to show.</param>
    /// <param name="image">Where it comes from.</param>
    /// <param name="disassembler">Prints the guest's code.</param>
    /// <param name="isStable">Leaves out what differs from run to run or says little: bytes, offsets, cold code, times.</param>
    public BlockListing(BlockExplanation block, CodeImage image, Disassembler disassembler, bool isStable = false)
    {
        _block = block;
        _image = image;
        _isStable = isStable;
        var guest = block.Instructions.SelectMany(instruction => disassembler.Lines(image, new AddressRange(instruction.Pc, instruction.Pc + 1))).Select(GuestLine).ToList();
        var symbols = new HostSymbols(block);
        var host = HostDisassembler.Lines(block, symbols, image.NameOf).ToList();
        if (block.Parts.Count > 0)
        {
            foreach (var part in block.Parts.Where(part => !isStable || !part.IsCold))
                _sections.Add(new(TitleOf(part, guest, symbols), part.Instruction, part.IsCold, [], host.FindAll(line => IsIn(line, part)), $"{part.Length}"));
            return;
        }
        _unassigned = host;
        AddIl(guest);
    }

    /// <summary>Stretches of the code in the order of the host's, or of the guest's where the host's cannot be told apart.</summary>
    public IReadOnlyList<ListingSection> Sections => _sections;

    /// <summary>Host code that belongs to no stretch, because nobody knows which instruction it is for.</summary>
    public IReadOnlyList<HostLine> Unassigned => _unassigned;

    /// <summary>Columns of the listing side by side.</summary>
    public int Width => Rows().Select(row => row.Length).DefaultIfEmpty().Max();

    /// <summary>Guest code, IL and host code in columns.</summary>
    public void WriteSideBySide(TextWriter output)
    {
        WriteTitle(output);
        foreach (var row in Rows())
            output.WriteLine(row);
        WriteSummary(output);
    }

    /// <summary>What became of a guest instruction below it.</summary>
    public void WriteInSequence(TextWriter output)
    {
        WriteTitle(output);
        foreach (var section in _sections)
        {
            output.WriteLine($"  {section.Title}");
            foreach (var line in section.Il)
                output.WriteLine($"      {line}");
            foreach (var line in section.Host)
                output.WriteLine($"      {HostText(line)}".TrimEnd());
        }
        if (_unassigned.Count > 0)
            output.WriteLine("  Host code:");
        foreach (var line in _unassigned)
            output.WriteLine($"      {HostText(line)}");
        WriteSummary(output);
    }

    private void WriteTitle(TextWriter output)
    {
        output.WriteLine($"block {_block.Start:x}{(_image.NameOf(_block.Start) is { } name ? $" <{name}>" : "")}");
        if (_block.Names.Registers.Count > 0 && !_isStable)
            output.WriteLine($"  {string.Join(' ', _block.Names.Registers.Select(pair => $"{pair.Guest}={pair.Host}"))} "
                + $"state={_block.Names.StateRegister} memory={_block.Names.MemoryRegister}");
    }

    private void WriteSummary(TextWriter output)
    {
        foreach (var patch in _block.Patches)
            output.WriteLine($"  {_block.Instructions[patch.Instruction].Pc,8:x}  patched  {PatchText(patch)}  {patch.State}");
        output.WriteLine("  " + Summary());
        if (!_isStable)
            output.WriteLine();
    }

    /// <summary>Sizes and compile time in a sentence.</summary>
    public string Summary()
    {
        var count = _block.Instructions.Count;
        var guest = $"{Plural(count, "guest instruction")}, {Plural(_block.GuestCode.Length, "byte")}";
        if (_block.HostCode.Length == 0)
            return $"{guest}; the length of its host code is not known";
        var cold = _block.Parts.Where(part => part.IsCold).Sum(part => part.Length);
        var hot = _block.HostCode.Length - cold;
        return string.Create(CultureInfo.InvariantCulture, $"{guest} -> {Plural(hot, "host byte")}, {(double)hot / count:f1} an instruction")
            + (cold > 0 ? $", and {cold} cold" : "")
            + (_isStable ? "" : string.Create(CultureInfo.InvariantCulture, $"; compiled in {_block.CompileTime.TotalMicroseconds:f1} us, {_block.CompileTime.TotalNanoseconds / count:f0} ns an instruction"));
    }

    // The block's code as it is with the patch, and of that the one instruction.
    private string PatchText(CodePatch patch)
    {
        var code = (byte[])_block.HostCode.Clone();
        patch.Code.CopyTo(code, patch.Offset);
        var patched = _block with { HostCode = code };
        return $"{HostDisassembler.Lines(patched, new HostSymbols(patched), _image.NameOf).First(line => line.Offset == patch.Offset).Text,-24}";
    }

    private static string Plural(int count, string word) => $"{count} {word}{(count == 1 ? "" : "s")}";

    private IEnumerable<string> Rows()
    {
        var left = new List<string> { "Guest" };
        var middle = new List<string> { "IL" };
        var right = new List<string> { _block.Parts.Count > 0 ? "Bytes and host code" : "Host" };
        foreach (var section in _sections)
        {
            Level(left, middle, right);
            left.Add(section.Title);
            middle.AddRange(section.Il);
            for (var i = 0; i < section.Host.Count; i++)
                right.Add($"{(i == 0 ? section.Size : ""),3}  {HostText(section.Host[i])}");
            if (section.Host.Count == 0 && section.Size.Length > 0)
                right.Add($"{section.Size,3}  (waits for what follows)");
        }
        if (_unassigned.Count > 0)
            right.AddRange(_unassigned.Select(HostText));
        Level(left, middle, right);
        var leftWidth = left.Max(line => line.Length);
        var middleWidth = _block.Il.Count > 0 ? middle.Max(line => line.Length) + 2 : 0;
        for (var i = 0; i < left.Count; i++)
        {
            var il = middleWidth > 0 ? middle[i].PadRight(middleWidth) : "";
            yield return $"  {left[i].PadRight(leftWidth)}  {il}{right[i]}".TrimEnd();
        }
    }

    // Without host code that is told apart, it runs down its column on its own.
    private void Level(List<string> left, List<string> middle, List<string> right)
    {
        var rows = Math.Max(Math.Max(left.Count, middle.Count), right.Count);
        foreach (var column in (ReadOnlySpan<List<string>>)(_unassigned.Count > 0 && right.Count == 1 ? [left, middle] : [left, middle, right]))
            while (column.Count < rows)
                column.Add("");
    }

    private static bool IsIn(HostLine line, CodePart part) => line.Offset >= part.Offset && line.Offset < part.Offset + part.Length;

    private static string GuestLine(DisassembledLine line) => $"{line.Address,8:x}  {line.Encoding,-8}  {line.Text.Replace('\t', ' ')}";

    private string HostText(HostLine line)
    {
        var text = line.Note.Length > 0 ? $"{line.Text,-24}  ; {line.Note}" : line.Text;
        return _isStable ? text : $"{line.Offset:x3}  {line.Encoding.PadRight(ByteColumns * 2)}  {text}";
    }

    private string TitleOf(CodePart part, List<string> guest, HostSymbols symbols)
    {
        var at = part.Instruction >= 0 ? $"{_block.Instructions[part.Instruction].Pc,8:x}" : new string(' ', 8);
        return part.Kind switch
        {
            CodePartKind.Entry => $"{at}  (entry)",
            CodePartKind.Instruction => guest[part.Instruction],
            CodePartKind.Interpreted => $"{guest[part.Instruction]}  (interpreted)",
            CodePartKind.FallThrough => $"{at}  (on to the next block)",
            CodePartKind.OutOfBudget => Cold("out of budget"),
            CodePartKind.HandOver => Cold("the interpreter's"),
            CodePartKind.CallOut => Cold("interpreted, and back"),
            CodePartKind.RareResult => Cold("a rare result, and back"),
            CodePartKind.Skipped => Cold("instructions not executed"),
            CodePartKind.Hypercall => Cold("a call leaves, or is looked up"),
            _ => Cold("target not translated yet"),
        };

        string Cold(string what) => $"{at}  {symbols.LabelAt(part.Offset)}: {what}";
    }

    // Each guest instruction with its IL; what stands before the first one (the block's own work) comes first.
    private void AddIl(List<string> guest)
    {
        _sections.Add(new("", -1, false, [], [], ""));
        foreach (var line in _block.Il)
        {
            if (!line.TrimStart().StartsWith(IlMark, StringComparison.Ordinal))
                _sections[^1].Il.Add(line);
            else if (_sections.Count <= guest.Count)
                _sections.Add(new(guest[_sections.Count - 1], _sections.Count - 1, false, [], [], ""));
        }
        while (_sections.Count <= guest.Count)
            _sections.Add(new(guest[_sections.Count - 1], _sections.Count - 1, false, [], [], ""));
    }
}
