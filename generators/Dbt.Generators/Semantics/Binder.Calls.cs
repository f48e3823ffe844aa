using Dbt.Generators.Semantics.Tree;
using Dbt.Generators.Spec;
using Dbt.Generators.Spec.Model;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Dbt.Generators.Semantics;

internal sealed partial class Binder
{
    private Expression BindCall(InvocationExpressionSyntax syntax)
    {
        var arguments = syntax.ArgumentList.Arguments;
        var named = arguments.FirstOrDefault(argument => argument.NameColon != null);
        if (syntax.Expression is GenericNameSyntax generic)
            return BindAccess(syntax, generic);
        var name = syntax.Expression.ToString();
        var location = At(syntax);
        switch (name)
        {
            case "index":
                ExpectCount(syntax, 1, "index(register)");
                return new RegisterIndex(location, ValueType.I32, BindField(arguments[0].Expression, FieldKind.Register, "index"));
            case "csrRead":
                ExpectCount(syntax, 2, "csrRead(csr, wanted)");
                return new CsrRead(location, Word, BindField(arguments[0].Expression, FieldKind.Csr, "csrRead"), BindCondition(arguments[1].Expression));
            case "counter" when scope.IsCsr:
                ExpectCount(syntax, 1, "counter(Cycle)");
                return BindCounter(syntax, arguments[0].Expression);
            case "load" or "loadReserved" or "storeConditional":
                throw Error("DBT204", syntax, name, "a type", "none", $"write '{name}<int>(…)'");
            case "store" or "jump" or "trap" or "fence" or "fenceI" or "csrWrite" or "waitForInterrupt" or "fenceTranslations" or "zeroBlock" or "manageBlock":
                throw Banned(syntax, $"'{name}' inside an expression", "make it a statement");
        }
        if (IntrinsicTable.Atomics.ContainsKey(name))
            throw Error("DBT204", syntax, name, "a type", "none", $"write '{name}<int>(…)'");
        if (!IntrinsicTable.ByName.TryGetValue(name, out var function))
            throw named != null ? UnknownBase(syntax) : UnknownFunction(syntax, name);
        return BindIntrinsic(syntax, name, function);
    }

    private SemanticsException UnknownFunction(InvocationExpressionSyntax syntax, string name) =>
        Error("DBT202", syntax.Expression, name, Suggestion.For(name, IntrinsicTable.Names.Concat(scope.Called.Select(row => row.Mnemonic))));

    private SemanticsException UnknownName(IdentifierNameSyntax syntax, IEnumerable<string> known)
    {
        var names = known.ToArray();
        var name = syntax.Identifier.ValueText;
        return Error("DBT201", syntax, "name", name, string.Join(", ", names), Suggestion.For(name, names));
    }

    private Expression BindIntrinsic(InvocationExpressionSyntax syntax, string name, IntrinsicFunction function)
    {
        var parameters = function.Parameters;
        ExpectCount(syntax, parameters.Count, $"{name}({string.Join(", ", parameters)})");
        var arguments = syntax.ArgumentList.Arguments.Select(argument => argument.Expression).ToArray();
        var values = new Expression[arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
            values[i] = parameters[i] == "rounding" ? BindRounding(arguments[i], name) : Bind(arguments[i]);
        var generic = values.Where((_, i) => parameters[i] == "T").ToArray();
        var type = function.Types.Cast<ValueType?>().FirstOrDefault(type => generic.All(value => CanConvert(value, type!.Value)));
        if (type == null)
            throw Error("DBT204", arguments[0], name, string.Join(" or ", function.Types.Select(ValueTypes.Name)),
                string.Join(" and ", generic.Select(value => value.Type.Name())), "cast the arguments to one of these types");
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = parameters[i] switch
            {
                "T" => Cast(values[i], type.Value),
                "int" => Convert(values[i], ValueType.I32, arguments[i]),
                "unsigned" => Convert(values[i], type == ValueType.I32 ? ValueType.U32 : ValueType.U64, arguments[i]),
                _ => values[i],
            };
        }
        return new Call(At(syntax), function.ResultFor(type.Value), function.Intrinsic, values);
    }

    private Expression BindRounding(ExpressionSyntax syntax, string function) =>
        new RoundingMode(At(syntax), ValueType.I32, BindField(syntax, FieldKind.Rounding, function));

    private HartRead BindCounter(InvocationExpressionSyntax syntax, ExpressionSyntax which)
    {
        HartValue? value = which.ToString() switch
        {
            "Cycle" => HartValue.Cycle,
            "Time" => HartValue.Time,
            "Retired" => HartValue.Retired,
            _ => null,
        };
        if (value == null)
            throw Error("DBT204", which, "counter", "one of Cycle, Time, Retired", $"'{which}'", "name a counter" + Suggestion.For(which.ToString(), ["Cycle", "Time", "Retired"]));
        return new HartRead(At(syntax), ValueType.I64, value.Value);
    }

    private Expression BindAccess(InvocationExpressionSyntax syntax, GenericNameSyntax generic)
    {
        var name = generic.Identifier.ValueText;
        var isAtomic = IntrinsicTable.Atomics.TryGetValue(name, out var op);
        if (!isAtomic && name is not ("load" or "loadReserved" or "storeConditional"))
            throw UnknownFunction(syntax, name);
        if (generic.TypeArgumentList.Arguments.Count != 1)
            throw Error("DBT203", generic, name, $"{name}<type>(…)");
        var type = TypeOf(generic.TypeArgumentList.Arguments[0]);
        var narrowest = name == "load" ? 8 : 32;
        if (!type.IsInteger() || type.Width() < narrowest)
            throw Error("DBT204", generic, name, narrowest == 8 ? "an integer type" : "a type of 32 or 64 bits", type.Name(), type.IsFloat() ? "load the bits, then 'doubleFromBits(…)' or 'floatFromBits(…)'" : "choose another type");
        var arguments = syntax.ArgumentList.Arguments.Select(argument => argument.Expression).ToArray();
        var location = At(syntax);
        switch (name)
        {
            case "load":
                ExpectCount(syntax, 1, "load<type>(address)");
                return new Load(location, type, BindAddress(arguments[0]));
            case "loadReserved":
                ExpectCount(syntax, 2, "loadReserved<type>(address, order)");
                BindField(arguments[1], FieldKind.Order, name);
                return new LoadReserved(location, type, BindAddress(arguments[0]));
        }
        ExpectCount(syntax, 3, $"{name}<type>(address, value, order)");
        BindField(arguments[2], FieldKind.Order, name);
        var address = BindAddress(arguments[0]);
        var value = Convert(Bind(arguments[1]), type, arguments[1]);
        return isAtomic
            ? new AtomicUpdate(location, type, op, address, value)
            : new StoreConditional(location, type, address, value);
    }

    // Addresses are unsigned: on a narrow variant the upper half of a 64-bit address is zero.
    private Expression BindAddress(ExpressionSyntax syntax)
    {
        var address = Bind(syntax);
        var unsigned = ValueTypes.UnsignedWord(scope.Variant.WordBits);
        if (address.Type != unsigned)
            address = Cast(Convert(address, Word, syntax), unsigned);
        return Cast(address, ValueType.U64);
    }

    private FieldModel BindField(ExpressionSyntax syntax, FieldKind kind, string function)
    {
        var name = syntax.ToString();
        var field = scope.Fields.FirstOrDefault(field => field.Name == name);
        var candidates = scope.Fields.Where(field => field.Kind == kind).Select(field => field.Name).ToArray();
        if (field == null || field.Kind != kind)
        {
            var instead = candidates.Length == 0 ? "give the row such a field" : $"write '{candidates[0]}'";
            throw Error("DBT204", syntax, function, $"a field of kind {Describe(kind)}", $"'{name}'", instead);
        }
        usedFields.Add(name);
        return field;
    }

    private static string Describe(FieldKind kind) => kind.ToString().ToLowerInvariant();

    private void ExpectCount(InvocationExpressionSyntax syntax, int count, string form)
    {
        if (syntax.ArgumentList.Arguments.FirstOrDefault(argument => argument.NameColon != null) is { } named)
            throw Banned(named, "a named argument", "names are for calls of base rows");
        if (syntax.ArgumentList.Arguments.Count != count)
            throw Error("DBT203", syntax, syntax.Expression.ToString(), form);
    }
}
