using Dbt.Generators.Semantics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Dbt.Generators.Spec;

/// <summary>Every rule of lines, encodings and extensions: id, title, message, help. isa-specs/README.md has a section for each.</summary>
internal static class SpecRules
{
    private static readonly Dictionary<string, DiagnosticDescriptor> rules = Lines().Concat(SemanticsRules.All).Concat(Extensions()).ToDictionary(rule => rule.Id);

    /// <summary>The rules, by id.</summary>
    public static IReadOnlyDictionary<string, DiagnosticDescriptor> All => rules;

    /// <summary>A rule of the DBT series, with its place in the manual.</summary>
    public static DiagnosticDescriptor Rule(string id, string title, string message, string help) =>
        new(id, title, message, "Dbt.Spec", DiagnosticSeverity.Error, isEnabledByDefault: true, help, "isa-specs/README.md#" + id.ToLowerInvariant());

    /// <summary>The compiler's form of a diagnostic.</summary>
    public static Diagnostic ToDiagnostic(SpecDiagnostic diagnostic)
    {
        var where = diagnostic.Location;
        var start = new LinePosition(where.Line, where.Column);
        var end = new LinePosition(where.Line, where.Column + where.Length);
        var location = where.Path == null
            ? Location.None
            : Location.Create(where.Path, new TextSpan(0, where.Length), new LinePositionSpan(start, end));
        return Diagnostic.Create(rules[diagnostic.Id], location, diagnostic.Arguments.Cast<object>().ToArray());
    }

    private static IEnumerable<DiagnosticDescriptor> Lines() =>
    [
        Rule("DBT100", "Malformed line", "'{0}' is not understood here: write {1}",
            "The line or word has another form than the language asks for."),
        Rule("DBT101", "Unknown directive", "'{0}' is neither a row (rows have bars) nor a directive of {1}: write one of {2}.{3}",
            "A line opens with a directive or is a row with four columns."),
        Rule("DBT102", "Unknown field kind", "'{0}' is no kind of field: write one of {1}.{2}",
            "A kind is a register file of the ISA or one of the built-in kinds."),
        Rule("DBT104", "Bits twice in a field", "Field '{0}' already has bits of {1}: give each bit of a field once",
            "The pieces of a field may not overlap."),
        Rule("DBT105", "Duplicate field", "Field '{0}' is already declared in {1}: choose another name, or use that field",
            "A name stands for one field in a file; fields of the ISA's file are visible everywhere."),
        Rule("DBT106", "Unknown field", "No field '{0}' is visible here: declare it with 'field', or require the extension that has it.{1}",
            "Visible are the fields of this file, of the ISA's file and of extensions that this one requires."),
        Rule("DBT107", "Unknown operand", "'{0}' is neither a visible field nor a register: declare the field, or write an ABI register name.{1}",
            "Operands name fields of the encoding and registers by their ABI names."),
        Rule("DBT108", "Bits unset", "In this encoding {0} not set: {1} bits must be given, as 0, 1 or a field",
            "Every bit of an encoding is fixed or belongs to a field."),
        Rule("DBT109", "Bits set twice", "This encoding has more than {0} bits ({1} too many from here on): remove some",
            "Every bit of an encoding is given once."),
        Rule("DBT110", "Field out of place", "Field '{0}' has no bit at position {1}, its bits are {2}: move it, or declare another field",
            "A field's name stands for its bits from the current position down."),
        Rule("DBT111", "Field partly encoded", "Bits {1} of field '{0}' are not in the encoding: name it again where they stand, or declare a shorter field",
            "An encoding contains all of a field or nothing of it."),
        Rule("DBT112", "Unused field", "Field '{0}' is encoded but not among the operands: add it, in braces if it is not printed",
            "An instruction carries all of its fields, so that encoding undoes decoding."),
        Rule("DBT113", "Operand without bits", "Operand '{0}' is not in the encoding: encode it, or remove it",
            "Operands get their values from the encoding."),
        Rule("DBT114", "Slots exhausted", "'{0}' has no slot left for field '{1}': an instruction carries five small fields and one signed or wide one; merge fields",
            "See translator/Dbt.Isa/Instruction.cs."),
        Rule("DBT115", "Duplicate mnemonic", "'{0}' is already a row of extension {1} in {2}: choose another mnemonic, or put the rows into sections without a common variant",
            "A mnemonic names one row in each variant."),
        Rule("DBT116", "Overlapping encodings", "'{0}' and '{1}' of extension {2} have encodings in common, e.g. {3}: change one, exclude values with !=, or write 'over' if one is a special case of the other",
            "Every bit pattern means one thing; exceptions say so with 'over'."),
        Rule("DBT117", "Not a special case", "'{0}' is not a special case of '{1}': each of its encodings must be one of '{1}'; repeat the fixed bits of '{1}', or remove 'over'",
            "'over' is for a row that takes a part of another row's encodings."),
        Rule("DBT118", "Unknown row behind over", "There is no row '{0}' in {1} to be over: write its mnemonic.{2}",
            "'over' names a row that exists in all variants of this one."),
        Rule("DBT119", "Alias of an unknown row", "There is no row '{0}' in {1}: an alias names the mnemonic of a row.{2}",
            "An alias prints a row in another way."),
        Rule("DBT120", "Alias with a foreign field", "Row '{1}' has no field '{0}': use one of {2}.{3}",
            "Conditions and operands of an alias are fields of its row."),
        Rule("DBT121", "Alias twice", "Alias '{0}' already covers '{1}' under the same conditions: remove one",
            "Which alias is printed must not depend on the order of lines."),
        Rule("DBT122", "Length bits", "The low bits of a {0}-byte encoding must be fixed: they decide the instruction's length; write 0 and 1 there",
            "An instruction's first bits decide its length."),
        Rule("DBT123", "Operand twice", "Operand '{0}' is named twice: name it once",
            "Assembly text has one place for each field."),
        Rule("DBT124", "Alias hides an operand", "Alias '{0}' neither fixes nor prints operand '{1}' of '{2}': add a condition {1}:VALUE or print it",
            "Text without an operand cannot be assembled back."),
    ];

    private static IEnumerable<DiagnosticDescriptor> Extensions() =>
    [
        Rule("DBT301", "No ISA file", "No file with an 'isa' line covers this extension: put one into its folder or one above",
            "The ISA's file declares variants, registers and common fields."),
        Rule("DBT302", "Two ISA files", "ISA '{0}' is already declared in {1}: keep one",
            "A folder of specs describes one ISA."),
        Rule("DBT303", "Unknown extension", "There is no extension '{0}': write its spec or correct the name.{1}",
            "Names behind requires, implies and with are those of spec files."),
        Rule("DBT304", "Cycle of extensions", "Extension '{0}' {1} itself: {2}; remove one of the links",
            "Requirements and implications must come to an end."),
        Rule("DBT305", "Duplicate extension", "Extension '{0}' is already declared in {1}: keep one",
            "An extension is one file."),
        Rule("DBT306", "Duplicate CSR", "CSR {0} is already '{1}' of extension {2}: choose another number or name",
            "A CSR's name and number are unique in each variant."),
        Rule("DBT307", "Draft in the wrong folder", "Extension '{0}' {1}: move the file, or change the status",
            "The folder draft holds what is off unless it is named."),
        Rule("DBT308", "Unknown status", "'{0}' is no status: write one of {1}.{2}",
            "See 'extension' in the manual."),
        Rule("DBT309", "Unknown variant", "'{0}' is no variant of this ISA: write one of {1}.{2}",
            "Variants are declared in the ISA's file."),
        Rule("DBT310", "Draft without opt-in", "Extension '{0}' is not a draft, but {1} the draft '{2}': a draft is on only when it is named; make this one a draft too, or remove the link",
            "Nothing but its own name switches a draft on."),
        Rule("DBT311", "Unknown printer", "'{0}' in DbtPrinters is no printer: write some of {1}.{2}",
            "The property DbtPrinters of a project lists what it wants printed."),
        Rule("DBT312", "Unknown state", "There is no state '{0}': declare it with 'state' in the ISA's file, or correct the name.{1}",
            "A csr shows a state of the ISA's file, or fields of it."),
        Rule("DBT313", "Guard of nothing", "There is no csr '{0}' to guard: correct the name.{1}",
            "A guard names registers of any extension."),
    ];
}
