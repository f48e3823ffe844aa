using Dbt.Generators.Printers.Interpreter;
using Dbt.Generators.Semantics;
using Dbt.Generators.Semantics.Tree;
using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Printers.Lifter;

/// <summary>Prints expressions as calls of a tree builder.</summary>
/// <param name="isa">Register files.</param>
/// <param name="semantics">The row.</param>
internal sealed class LiftExpressions(IsaModel isa, RowSemantics semantics)
{
    /// <summary>C# that gives the node of an expression.</summary>
    public string Print(Expression expression) => expression switch
    {
        Binary or Unary or Conversion when IsKnown(expression) =>
            ConstantOf(expression.Type, $"(long)({new CSharpExpressions(semantics.Row, "i", "pc").Print(expression)})"),
        Constant constant => ConstantOf(constant.Type, $"{(constant.Bits == long.MinValue ? "long.MinValue" : constant.Bits.ToString())}"),
        FieldValue field => ConstantOf(field.Type, Slot(field.Field)),
        RegisterIndex index => ConstantOf(ValueType.I32, Slot(index.Field)),
        RegisterRead read => PrintRead(read),
        RoundingMode => "rounding",
        ProgramCounter counter => ConstantOf(counter.Type, (counter.Type == ValueType.I32 ? "(int)" : "(long)") + (counter.Next ? "(pc + i.Length)" : "pc")),
        LocalRead read => LocalName(read.Local),
        Unary unary => $"b.Unary(UnaryOperator.{unary.Operator}, {Print(unary.Operand)})",
        Binary binary => $"b.Binary(BinaryOperator.{binary.Operator}, {Print(binary.Left)}, {Print(binary.Right)})",
        Conversion conversion => Convert(conversion.Type, Print(conversion.Operand)),
        Conditional conditional => $"b.Select({Print(conditional.Condition)}, {Print(conditional.Then)}, {Print(conditional.Otherwise)})",
        Load load => $"b.Load({TypeOf(load.Type)}, {PrintBits(load.Address)})",
        LoadReserved load => $"b.LoadReserved({TypeOf(load.Type)}, {PrintBits(load.Address)})",
        StoreConditional store => $"b.StoreConditional({TypeOf(store.AccessType)}, {PrintBits(store.Address)}, {Print(store.Value)})",
        AtomicUpdate atomic => $"b.Atomic(AtomicOperator.{atomic.Operator}, {TypeOf(atomic.Type)}, {PrintBits(atomic.Address)}, {Print(atomic.Value)})",
        CsrRead read => PrintCsr(read),
        HartRead read => Convert(read.Type, $"b.Read{read.Value}()"),
        WrittenValue => "value",
        Call call => $"b.Call(Intrinsic.{call.Intrinsic}, {TypeOf(call.Type)}, {string.Join(", ", call.Arguments.Select(Print))})",
        _ => throw new InvalidOperationException($"No builder call for {expression.GetType().Name}."),
    };

    /// <summary>C# that gives the node of a value of 64 bits whose consumer does not care for its sign.</summary>
    public string PrintBits(Expression expression)
    {
        while (expression is Conversion { Type: ValueType.I64 or ValueType.U64 } conversion && conversion.Operand.Type is ValueType.I64 or ValueType.U64)
            expression = conversion.Operand;
        return expression.Type == ValueType.I64 ? $"b.Bits({Print(expression)})" : Print(expression);
    }

    /// <summary>The name of a semantics local in the lifter.</summary>
    public static string LocalName(Local local) => $"local{local.Number}";

    /// <summary>The name of a type.</summary>
    public static string TypeOf(ValueType type) => $"ValueType.{type}";

    /// <summary>A field's slot.</summary>
    public string Slot(FieldModel field) => $"i.{Names.Slot(semantics.Row, field.Name)}";

    /// <summary>The arguments that name a register.</summary>
    public string Register(FieldModel field)
    {
        var file = isa.RegisterFiles.Select(file => file.Name).ToList().IndexOf(field.RegisterFile);
        return $"{file}, {Slot(field)}";
    }

    /// <summary>The 64 bits that a register's slot holds for a value.</summary>
    public string ToSlot(FieldModel field, Expression value) => field.View switch
    {
        RegisterView.BoxedFloat => $"b.Call(Intrinsic.FpBox, ValueType.U64, {Print(value)})",
        RegisterView.Double => Convert(ValueType.U64, $"b.Call(Intrinsic.FpToBits, ValueType.I64, {Print(value)})"),
        _ when value.Type is ValueType.I64 or ValueType.U64 => PrintBits(value),
        // Narrow registers are kept sign-extended, whatever their sign.
        _ when value.Type == ValueType.U32 => Convert(ValueType.U64, Convert(ValueType.I32, Print(value))),
        _ => Convert(ValueType.U64, Print(value)),
    };

    private static string ConstantOf(ValueType type, string bits) => $"b.Constant({TypeOf(type)}, {bits})";

    private static string Convert(ValueType type, string node) => $"b.Convert({TypeOf(type)}, {node})";

    // Whether the value is wanted is known when the instruction is.
    private string PrintCsr(CsrRead read) =>
        $"({new CSharpExpressions(semantics.Row, "i", "pc").Print(read.Wanted)} ? ReadCsr<TBuilder, TValue>((int){Slot(read.Csr)}, ref b) : {ConstantOf(read.Type, "0")})";

    private string PrintRead(RegisterRead read)
    {
        var slot = $"b.ReadRegister({Register(read.Field)})";
        return read.Field.View switch
        {
            RegisterView.BoxedFloat => $"b.Call(Intrinsic.FpUnbox, ValueType.F32, {slot})",
            RegisterView.Double => $"b.Call(Intrinsic.FpFromBits, ValueType.F64, {Convert(ValueType.I64, slot)})",
            _ when read.Type == ValueType.I64 => $"b.ReadSigned({Register(read.Field)})",
            _ => read.Type == ValueType.U64 ? slot : Convert(read.Type, slot),
        };
    }

    // Integers that are known when the instruction is, so that C# computes them, not the builder.
    private static bool IsKnown(Expression expression) => expression.Type is not (ValueType.Bool or ValueType.F32 or ValueType.F64) &&
        expression.DescendantsAndSelf().All(node => node is Constant or RegisterIndex or FieldValue or ProgramCounter or Unary or Conversion ||
            node is Binary { Operator: not (BinaryOperator.Divide or BinaryOperator.Remainder) });
}
