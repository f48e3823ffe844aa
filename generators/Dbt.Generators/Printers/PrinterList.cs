using Dbt.Generators.Printers.Decoding;
using Dbt.Generators.Printers.Interpreter;
using Dbt.Generators.Printers.Isa;
using Dbt.Generators.Printers.Lifter;
using Dbt.Generators.Printers.Text;

namespace Dbt.Generators.Printers;

/// <summary>Every printer there is.</summary>
internal static class PrinterList
{
    /// <summary>In no particular order: printers do not depend on one another.</summary>
    public static IReadOnlyList<IPrinter> All { get; } =
    [
        new IsaPrinter(),
        new DecoderPrinter(),
        new EncoderPrinter(),
        new DisassemblerPrinter(),
        new ReferencePrinter(),
        new InterpreterPrinter(),
        new LifterPrinter(),
    ];
}
