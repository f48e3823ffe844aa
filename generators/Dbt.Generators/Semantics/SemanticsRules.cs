using Dbt.Generators.Spec;
using Microsoft.CodeAnalysis;

namespace Dbt.Generators.Semantics;

/// <summary>Every rule of semantics columns: id, title, message, help. isa-specs/README.md has a section for each.</summary>
internal static class SemanticsRules
{
    public static IEnumerable<DiagnosticDescriptor> All { get; } =
    [
        SpecRules.Rule("DBT200", "Syntax error", "This is not C#: {0}",
            "Semantics are C# statements, each with its semicolon."),
        SpecRules.Rule("DBT201", "Unknown name", "There is no {0} '{1}' here: write one of {2}.{3}",
            "Semantics may name the fields of the row's encoding, their own locals, pc, next and wordBits; csr lines value, fpFlags and fpRounding."),
        SpecRules.Rule("DBT202", "Unknown function", "There is no function '{0}': write one of those in isa-specs/README.md, or the mnemonic of a base row.{1}",
            "Semantics may call intrinsics, and compressed rows their base row."),
        SpecRules.Rule("DBT203", "Wrong number of arguments", "'{0}' is called otherwise: write '{1}'",
            "Every parameter gets an argument."),
        SpecRules.Rule("DBT204", "Wrong argument", "'{0}' expects {1}, not {2}: {3}",
            "An argument's type or field kind is not the parameter's."),
        SpecRules.Rule("DBT205", "Type error", "{0} does not become {1} by itself: {2}",
            "Only conversions that keep every value are implicit, as in C#."),
        SpecRules.Rule("DBT206", "Ambiguous signs", "'{0}' has {1} on one side and {2} on the other: cast one of them",
            "C# has no operator for a signed and an unsigned 64-bit operand."),
        SpecRules.Rule("DBT207", "Banned construct", "{0} is not part of the semantics language: {1}",
            "Semantics are a small subset of C# that every printer understands."),
        SpecRules.Rule("DBT208", "Not assignable", "'{0}' cannot be assigned to: {1}",
            "Only register fields are results."),
        SpecRules.Rule("DBT209", "State changed before a fault", "{0} can still fault after {1} was changed: put it before the change, e.g. into a 'var'",
            "A row that faults must leave everything as it was, so that it can be executed again."),
        SpecRules.Rule("DBT210", "Not last on its path", "Nothing may stand behind a jump or trap: move it before, or into an 'else'",
            "A jump or trap is the last thing that a row does."),
        SpecRules.Rule("DBT211", "Unused operand", "Field '{0}' is decoded but has no effect: use it, or put it into braces among the operands",
            "What the encoding says must mean something."),
        SpecRules.Rule("DBT212", "Missing result", "'{0}' is never written: write '{0} = …;'",
            "The first register among the operands is the result, unless it is read."),
        SpecRules.Rule("DBT213", "Unknown base row", "There is no row '{0}' on {1} to call: write the mnemonic of a row.{2}",
            "A compressed row calls the row that it stands for, by mnemonic, with named arguments."),
        SpecRules.Rule("DBT214", "Wrong base argument", "Argument '{0}' of this call is wrong: {1}",
            "A call of a base row gives every field of its encoding once, by name."),
        SpecRules.Rule("DBT215", "No such operator", "'{0}' does not exist for {1}: {2}",
            "Operators are those of C# on integers and conditions; floating point is computed by functions that take a rounding mode."),
        SpecRules.Rule("DBT216", "Effect in a choice", "This has an effect, but only one side of '?:', '&&' or '||' would have it: use 'if', or put it into a 'var' before",
            "Engines may evaluate both sides of a choice."),
        SpecRules.Rule("DBT217", "Unused result", "The result of '{0}' is dropped: assign it, or remove the call",
            "A call without an effect does nothing."),
    ];
}
