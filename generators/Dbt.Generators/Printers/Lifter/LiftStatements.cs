using Dbt.Generators.Printers.Interpreter;
using Dbt.Generators.Semantics;
using Dbt.Generators.Semantics.Tree;
using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Printers.Lifter;

/// <summary>Prints the method that lifts one operation.</summary>
internal sealed class LiftStatements(IsaModel isa, RowSemantics semantics, CodeWriter writer)
{
    private readonly LiftExpressions expressions = new(isa, semantics);

    public void Print()
    {
        writer.Line($"private static void {semantics.Row.Identifier}<TBuilder, TValue>(in Instruction i, ulong pc, ref TBuilder b)");
        writer.Line("    where TBuilder : ISemanticsBuilder<TValue>");
        writer.Open();
        if (RowTraits.IsPrivileged(semantics))
        {
            writer.Line("b.InterpretInstruction();");
            writer.Close();
            return;
        }
        if (RowTraits.Of(semantics).Contains("System"))
        {
            writer.Open("if (!b.HoldsFloatingPointState(i))");
            writer.Line("b.InterpretInstruction();");
            writer.Line("return;");
            writer.Close();
        }
        if (semantics.Statements.AllExpressions().OfType<RoundingMode>().FirstOrDefault() is { } rounding)
            PrintRounding(rounding.Field);
        PrintAll(semantics.Statements);
        writer.Close();
    }

    // Known when the instruction is.
    private static bool IsKnown(Expression node) => node is Constant or RegisterIndex or FieldValue or Binary or Unary or Conversion;

    private void PrintRounding(FieldModel field)
    {
        var slot = expressions.Slot(field);
        var dynamic = field.DynamicRounding < 0 ? "" : $"{slot} == {field.DynamicRounding} ? b.DynamicRounding() : ";
        var isValid = $"{slot} <= (uint)FloatingPointRounding.NearestAway" + (field.DynamicRounding < 0 ? "" : $" || {slot} == {field.DynamicRounding}");
        writer.Open($"if (!({isValid}))");
        writer.Line("b.Exit(ExitReason.IllegalInstruction);");
        writer.Line("return;");
        writer.Close();
        writer.Line($"var rounding = {dynamic}b.Constant(ValueType.I32, {slot});");
    }

    private void PrintAll(IReadOnlyList<Statement> statements)
    {
        foreach (var statement in statements)
            PrintStatement(statement);
    }

    private void PrintStatement(Statement statement)
    {
        switch (statement)
        {
            case DeclareLocal declare:
                writer.Line($"var {LiftExpressions.LocalName(declare.Local)} = b.Local({expressions.Print(declare.Value)});");
                break;
            case WriteRegister write:
                writer.Line($"b.WriteRegister({expressions.Register(write.Field)}, {expressions.ToSlot(write.Field, write.Value)});");
                break;
            case Store store:
                writer.Line($"b.Store({LiftExpressions.TypeOf(store.Value.Type)}, {expressions.PrintBits(store.Address)}, {expressions.Print(store.Value)});");
                break;
            case Evaluate evaluate:
                writer.Line($"_ = {expressions.Print(evaluate.Value)};");
                break;
            case If branch when branch.Otherwise.Count == 0 && branch.Condition.DescendantsAndSelf().All(IsKnown):
                writer.Open($"if ({new CSharpExpressions(semantics.Row, "i", "pc").Print(branch.Condition)})");
                PrintAll(branch.Then);
                writer.Close();
                break;
            case If branch:
                writer.Line($"b.If({expressions.Print(branch.Condition)});");
                PrintAll(branch.Then);
                if (branch.Otherwise.Count > 0)
                {
                    writer.Line("b.Else();");
                    PrintAll(branch.Otherwise);
                }
                writer.Line("b.EndIf();");
                break;
            case Jump jump:
                writer.Line($"b.Jump({expressions.PrintBits(jump.Target)});");
                break;
            case Trap trap:
                writer.Line($"b.Exit(ExitReason.{trap.Reason});");
                break;
            case CsrWrite write:
                writer.Line($"WriteCsr<TBuilder, TValue>((int){expressions.Slot(write.Csr)}, {expressions.Print(write.Value)}, ref b);");
                break;
            case Fence:
                writer.Line("b.Fence();");
                break;
            default:
                throw new InvalidOperationException($"No builder call for {statement.GetType().Name}.");
        }
    }
}
