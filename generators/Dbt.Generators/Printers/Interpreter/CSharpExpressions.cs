using Dbt.Generators.Semantics;
using Dbt.Generators.Semantics.Tree;
using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Printers.Interpreter;

/// <summary>Prints expressions that only compute: their parts that access memory are given text by <see cref="PrintAccess"/>.</summary>
/// <param name="row">Where fields lie.</param>
/// <param name="instruction">C# for the decoded instruction.</param>
/// <param name="pc">C# for its address, a ulong.</param>
internal class CSharpExpressions(RowModel row, string instruction, string pc)
{
    /// <summary>A field's slot.</summary>
    public string Slot(FieldModel field) => $"{instruction}.{Names.Slot(row, field.Name)}";

    /// <summary>An expression, in parentheses where it needs them.</summary>
    public string Print(Expression expression) => expression switch
    {
        Constant constant => Literal(constant.Type, constant.Bits),
        FieldValue field => Names.Slot(row, field.Field.Name) == "Immediate" && field.Type == ValueType.I64
            ? Slot(field.Field)
            : $"({field.Type.Name()}){Slot(field.Field)}",
        RegisterIndex index => $"(int){Slot(index.Field)}",
        RegisterRead read => PrintRegister(read),
        RoundingMode => "(FloatingPointRounding)rounding",
        ProgramCounter counter => $"({counter.Type.Name()}){(counter.Next ? $"({pc} + {instruction}.Length)" : pc)}",
        LocalRead read => LocalName(read.Local),
        Unary unary => $"{Symbol(unary.Operator)}{Atom(unary.Operand)}",
        Binary binary => $"{Atom(binary.Left)} {Symbol(binary.Operator)} {Atom(binary.Right)}",
        Conversion conversion => $"({conversion.Type.Name()}){Atom(conversion.Operand)}",
        Conditional conditional => $"{Atom(conditional.Condition)} ? {Atom(conditional.Then)} : {Atom(conditional.Otherwise)}",
        Call call => PrintCall(call),
        HartRead read => $"({read.Type.Name()}){PrintHartValue(read.Value)}",
        WrittenValue => "value",
        StateRead { Field: null } read => $"(long){State(read.State)}",
        StateRead { Field: { } field } read => $"({read.Type.Name()})({State(read.State)} >> {field.Low} & 0x{field.Mask >> field.Low:x}UL)",
        _ => PrintAccess(expression),
    };

    /// <summary>An expression that can stand as an operand.</summary>
    public string Atom(Expression expression) =>
        expression is Binary or Conditional or Unary or HartRead or Conversion or StateRead or FieldValue or RegisterIndex or ProgramCounter or RegisterRead
            || expression is Constant { Bits: < 0 }
            ? $"({Print(expression)})"
            : Print(expression);

    /// <summary>A word of system state as an lvalue.</summary>
    public static string State(StateModel state) => $"words->{state.Identifier}";

    /// <summary>Prints a write of system state; <c>words</c> is the whole state of the hart.</summary>
    public void PrintWrite(WriteState write, CodeWriter writer)
    {
        var value = $"(ulong){Atom(write.Value)}";
        if (write.Field is { } field)
            value = $"{State(write.State)} & ~0x{field.Mask:x}UL | {value} << {field.Low} & 0x{field.Mask:x}UL";
        PrintAssignment(write.State, value, writer);
    }

    /// <summary>Prints an assignment to system state.</summary>
    public static void PrintAssignment(StateModel state, string value, CodeWriter writer) =>
        writer.Line(state.Notifies ? $"SystemAccess.Change(system, ref {State(state)}, {value});" : $"{State(state)} = {value};");

    /// <summary>A local's name, which no local of the loop has.</summary>
    public static string LocalName(Local local) => $"local{local.Number}";

    /// <summary>A register as an lvalue.</summary>
    public string Register(FieldModel field) => $"{field.RegisterFile}[{Slot(field)}]";

    protected virtual string PrintAccess(Expression expression) =>
        throw new InvalidOperationException($"No C# for {expression.GetType().Name} here.");

    private string PrintRegister(RegisterRead read) => read.Field.View switch
    {
        RegisterView.BoxedFloat => $"Ieee754.Unbox((ulong){Register(read.Field)})",
        RegisterView.Double => $"Ieee754.FromBits({Register(read.Field)})",
        _ when read.Type == ValueType.I64 => Register(read.Field),
        _ => $"({read.Type.Name()}){Register(read.Field)}",
    };

    private string PrintCall(Call call)
    {
        var arguments = call.Arguments.Select(Print).ToList();
        var name = call.Intrinsic.ToString();
        if (!name.StartsWith("Fp", StringComparison.Ordinal))
            return $"IntegerFunctions.{name}({string.Join(", ", arguments)})";
        if (IntrinsicTable.AccruesFlags(call.Intrinsic))
            arguments.Add("ref state->FpFlags");
        return $"Ieee754.{name.Substring(2)}({string.Join(", ", arguments)})";
    }

    private static string PrintHartValue(HartValue value) => value switch
    {
        HartValue.FpFlags or HartValue.FpRounding => $"state->{value}",
        HartValue.InterruptLines => "system->InterruptLines",
        HartValue.Time => "SystemAccess.Time(state, system)",
        _ => $"HartCounters.{value}(state)",
    };

    private static string Literal(ValueType type, long bits) => type switch
    {
        ValueType.Bool => bits != 0 ? "true" : "false",
        ValueType.I32 => bits == int.MinValue ? "int.MinValue" : $"{bits}",
        ValueType.U32 => $"{bits}u",
        ValueType.I64 => bits == long.MinValue ? "long.MinValue" : $"{bits}L",
        ValueType.U64 => $"{unchecked((ulong)bits)}UL",
        _ => $"({type.Name()})({bits})",
    };

    private static string Symbol(UnaryOperator op) => op switch
    {
        UnaryOperator.Negate => "-",
        UnaryOperator.Complement => "~",
        _ => "!",
    };

    private static string Symbol(BinaryOperator op) => op switch
    {
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.Remainder => "%",
        BinaryOperator.And => "&",
        BinaryOperator.Or => "|",
        BinaryOperator.Xor => "^",
        BinaryOperator.ShiftLeft => "<<",
        BinaryOperator.ShiftRight => ">>",
        BinaryOperator.ShiftRightLogical => ">>>",
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        _ => ">=",
    };
}
