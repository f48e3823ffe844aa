using System.Globalization;
using System.Reflection;

namespace Dbt.Api.Tests.PublicApi;

/// <summary>Names of types and values as C# writes them.</summary>
internal static class ApiNames
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(char)] = "char",
        [typeof(sbyte)] = "sbyte",
        [typeof(byte)] = "byte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(nint)] = "nint",
        [typeof(nuint)] = "nuint",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
    };

    private static readonly Dictionary<string, string> Operators = new()
    {
        ["op_Addition"] = "+",
        ["op_Subtraction"] = "-",
        ["op_BitwiseAnd"] = "&",
        ["op_BitwiseOr"] = "|",
        ["op_Equality"] = "==",
        ["op_Inequality"] = "!=",
        ["op_Implicit"] = "implicit",
        ["op_Explicit"] = "explicit",
    };

    /// <summary>A type without nullability.</summary>
    public static string Of(Type type) => type switch
    {
        { IsByRef: true } => Of(type.GetElementType()!),
        { IsArray: true } => Of(type.GetElementType()!) + "[" + new string(',', type.GetArrayRank() - 1) + "]",
        { IsPointer: true } => Of(type.GetElementType()!) + "*",
        { IsFunctionPointer: true } => $"delegate*<{string.Join(", ", type.GetFunctionPointerParameterTypes().Append(type.GetFunctionPointerReturnType()).Select(Of))}>",
        _ when Nullable.GetUnderlyingType(type) is { } underlying => Of(underlying) + "?",
        _ when Keywords.TryGetValue(type, out var keyword) => keyword,
        { IsGenericType: true } => Generic(type, type.GetGenericArguments().Select(Of)),
        { IsNested: true, IsGenericParameter: false } => Of(type.DeclaringType!) + "." + type.Name,
        _ => type.Name,
    };

    /// <summary>A type with what is known of null.</summary>
    public static string Of(NullabilityInfo info)
    {
        var type = info.Type.IsByRef ? info.Type.GetElementType()! : info.Type;
        if (type.IsValueType || type.IsPointer || type.IsFunctionPointer)
            return type.IsGenericType && Nullable.GetUnderlyingType(type) is null && info.GenericTypeArguments.Length > 0
                ? Generic(type, info.GenericTypeArguments.Select(Of))
                : Of(type);
        var mark = info.ReadState == NullabilityState.Nullable || info.WriteState == NullabilityState.Nullable ? "?" : "";
        if (type.IsArray && info.ElementType is { } element)
            return Of(element) + "[]" + mark;
        return (type.IsGenericType ? Generic(type, info.GenericTypeArguments.Select(Of)) : Of(type)) + mark;
    }

    /// <summary>A type's name where it is declared, with its parameters and the types around it.</summary>
    public static string Simple(Type type)
    {
        var name = type.IsGenericTypeDefinition ? Generic(type, type.GetGenericArguments().Select(argument => argument.Name)) : type.Name;
        return type.IsNested ? $"{Simple(type.DeclaringType!)}.{name}" : name;
    }

    /// <summary>A type's name without its parameters, as constructors have it.</summary>
    public static string Plain(Type type) => type.Name.Split('`')[0];

    /// <summary>The <c>where</c> clauses of type parameters, each with a space in front.</summary>
    public static string Constraints(Type[] parameters) => string.Concat(parameters.Where(type => type.IsGenericParameter).Select(Constraint));

    /// <summary>An operator's name as it is declared.</summary>
    public static string Operator(string name) => "operator " + Operators.GetValueOrDefault(name, name);

    /// <summary>A constant.</summary>
    public static string Literal(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Generic(Type type, IEnumerable<string> arguments)
    {
        var name = type.Name.Split('`')[0];
        return $"{name}<{string.Join(", ", arguments)}>";
    }

    private static string Constraint(Type parameter)
    {
        var attributes = parameter.GenericParameterAttributes;
        var isStruct = attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        var parts = new List<string>();
        if (attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
            parts.Add("class");
        if (isStruct)
            parts.Add("struct");
        parts.AddRange(parameter.GetGenericParameterConstraints().Where(type => type != typeof(ValueType)).Select(Of));
        if (attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !isStruct)
            parts.Add("new()");
        return parts.Count == 0 ? "" : $" where {parameter.Name} : {string.Join(", ", parts)}";
    }
}
