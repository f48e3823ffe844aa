using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using Dbt.Api.Tests.Architecture;
using Dbt.Isa;

namespace Dbt.Api.Tests.PublicApi;

/// <summary>
/// Prints what other assemblies can see of an assembly, one line a member, in C#'s words and in a fixed order.
/// The generated numbers of guest instructions are left out: an instruction stays one line in one spec file.
/// </summary>
internal static class ApiPrinter
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Print(Assembly assembly) => Print(assembly.GetTypes());

    public static string Print(IEnumerable<Type> types)
    {
        var text = new StringBuilder();
        var spaces = types.Where(IsVisible).GroupBy(type => type.Namespace).OrderBy(group => group.Key, StringComparer.Ordinal);
        foreach (var space in spaces)
        {
            text.Append("namespace ").Append(space.Key).Append("\n\n");
            foreach (var type in space.OrderBy(ApiNames.Simple, StringComparer.Ordinal))
            {
                text.Append(TypeHead(type)).Append('\n');
                foreach (var line in Members(type))
                    text.Append("  ").Append(line).Append('\n');
                text.Append('\n');
            }
        }
        text.Length = Math.Max(0, text.Length - 1);
        return text.ToString();
    }

    private static bool IsVisible(Type type) =>
        type.IsNested ? (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!) : type.IsPublic;

    private static string TypeHead(Type type)
    {
        if (type.IsEnum)
            return $"public {Flags(type)}enum {ApiNames.Simple(type)} : {ApiNames.Of(Enum.GetUnderlyingType(type))}";
        if (typeof(Delegate).IsAssignableFrom(type))
            return $"public delegate {Signature(type.GetMethod("Invoke")!, ApiNames.Simple(type))}";
        var kind = type.IsInterface ? "interface" : type.IsValueType ? IsRecord(type) ? "record struct" : "struct" : IsRecord(type) ? "record" : "class";
        var modifier = type switch
        {
            { IsInterface: true } => "",
            { IsAbstract: true, IsSealed: true } => "static ",
            { IsValueType: true } => (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "") + (type.IsByRefLike ? "ref " : ""),
            { IsAbstract: true } => "abstract ",
            { IsSealed: true } => "sealed ",
            _ => "",
        };
        var inherited = type.BaseType?.GetInterfaces() ?? [];
        IEnumerable<Type> bases = type.GetInterfaces().Except(inherited).Where(IsVisible).OrderBy(ApiNames.Of, StringComparer.Ordinal);
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
            bases = bases.Prepend(parent);
        var list = string.Join(", ", bases.Select(ApiNames.Of));
        return $"public {modifier}{kind} {ApiNames.Simple(type)}{(list.Length > 0 ? " : " + list : "")}{ApiNames.Constraints(type.GetGenericArguments())}";
    }

    private static string Flags(Type type) => type.IsDefined(typeof(FlagsAttribute)) ? "[Flags] " : "";

    // Both kinds of record print their members through this method.
    private static bool IsRecord(Type type) => type.GetMethod("PrintMembers", Declared) is { } method && method.IsDefined(typeof(CompilerGeneratedAttribute));

    private static IEnumerable<string> Members(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
            return [];
        if (type.IsEnum)
            return EnumValues(type);
        return type.GetMembers(Declared)
            .Select(member => (Order: Order(member), member.Name, Line: Line(member)))
            .Where(item => item.Line is not null)
            .OrderBy(item => item.Order).ThenBy(item => item.Name, StringComparer.Ordinal).ThenBy(item => item.Line, StringComparer.Ordinal)
            .Select(item => item.Line!);
    }

    private static IEnumerable<string> EnumValues(Type type) =>
        from field in type.GetFields(BindingFlags.Public | BindingFlags.Static)
        let value = Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture)
        where value < EngineOperation.FirstGuestOperation || !IsOfGuest(type)
        select $"{field.Name} = {value}";

    private static bool IsOfGuest(Type type) => GuestMnemonics.Guests.Any(guest => guest.GetType().Namespace == type.Namespace);

    private static int Order(MemberInfo member) => member switch
    {
        ConstructorInfo => 0,
        FieldInfo { IsLiteral: true } => 1,
        FieldInfo => 2,
        PropertyInfo => 3,
        EventInfo => 4,
        MethodInfo { IsSpecialName: true } => 6,
        _ => 5,
    };

    private static string? Line(MemberInfo member) => member switch
    {
        ConstructorInfo constructor when Access(constructor) is { } access =>
            $"{access} {Signature(constructor, ApiNames.Plain(constructor.DeclaringType!))}",
        FieldInfo field when Access(field) is { } access => $"{access} {FieldText(field)}",
        PropertyInfo property => PropertyText(property),
        EventInfo { AddMethod: { } add } item when Access(add) is { } access =>
            $"{access} {Modifier(add)}event {ApiNames.Of(new NullabilityInfoContext().Create(item))} {item.Name}",
        MethodInfo method when IsWritten(method) && Access(method) is { } access => $"{access} {Modifier(method)}{Signature(method, MethodName(method))}",
        _ => null,
    };

    // What somebody wrote: no accessors, and nothing that the compiler adds to records.
    private static bool IsWritten(MethodInfo method) =>
        !method.IsDefined(typeof(CompilerGeneratedAttribute)) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal))
        && method.Name is not ("Finalize" or "<Clone>$");

    private static string? Access(MethodBase method) =>
        method.IsPublic ? "public" : method.IsFamily || method.IsFamilyOrAssembly ? Extensible(method.DeclaringType!) : null;

    private static string? Access(FieldInfo field) =>
        field.IsPublic ? "public" : field.IsFamily || field.IsFamilyOrAssembly ? Extensible(field.DeclaringType!) : null;

    private static string? Extensible(Type type) => type.IsSealed ? null : "protected";

    private static string FieldText(FieldInfo field)
    {
        var type = ApiNames.Of(new NullabilityInfoContext().Create(field));
        if (field.IsLiteral)
            return $"const {type} {field.Name} = {ApiNames.Literal(field.GetRawConstantValue())}";
        return $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{type} {field.Name}";
    }

    private static string? PropertyText(PropertyInfo property)
    {
        var accessors = property.GetAccessors(nonPublic: true).Where(accessor => Access(accessor) is not null).ToArray();
        if (accessors.Length == 0)
            return null;
        var widest = Array.Find(accessors, accessor => accessor.IsPublic) ?? accessors[0];
        var access = Access(widest)!;
        var text = new StringBuilder($"{access} {Modifier(widest)}{ApiNames.Of(new NullabilityInfoContext().Create(property))} ");
        var indices = property.GetIndexParameters();
        text.Append(indices.Length == 0 ? property.Name : $"this[{string.Join(", ", indices.Select(Parameter))}]").Append(" {");
        foreach (var accessor in accessors.OrderBy(accessor => accessor.ReturnType == typeof(void)))
        {
            var own = Access(accessor) == access ? "" : Access(accessor) + " ";
            text.Append(' ').Append(own).Append(accessor.ReturnType != typeof(void) ? "get;" : IsInit(accessor) ? "init;" : "set;");
        }
        return text.Append(" }").ToString();
    }

    private static bool IsInit(MethodInfo setter) => setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static string Modifier(MethodInfo method)
    {
        if (method.IsStatic)
            return method.IsAbstract ? "static abstract " : "static ";
        if (method.DeclaringType!.IsInterface)
            return method.IsAbstract ? "" : "virtual ";
        var overrides = method.GetBaseDefinition() != method;
        return method switch
        {
            { IsAbstract: true } => overrides ? "abstract override " : "abstract ",
            { IsVirtual: true, IsFinal: false } when !method.DeclaringType.IsSealed => overrides ? "override " : "virtual ",
            { IsVirtual: true } when overrides => method.IsFinal ? "sealed override " : "override ",
            _ => "",
        };
    }

    private static string MethodName(MethodInfo method)
    {
        var name = method.Name.StartsWith("op_", StringComparison.Ordinal) ? ApiNames.Operator(method.Name) : method.Name;
        return method.IsGenericMethod ? $"{name}<{string.Join(", ", method.GetGenericArguments().Select(type => type.Name))}>" : name;
    }

    private static string Signature(MethodBase method, string name)
    {
        var result = method is MethodInfo info ? ApiNames.Of(new NullabilityInfoContext().Create(info.ReturnParameter)) + " " : "";
        var constraints = method.IsGenericMethod ? ApiNames.Constraints(method.GetGenericArguments()) : "";
        return $"{result}{name}({string.Join(", ", method.GetParameters().Select(Parameter))}){constraints}";
    }

    private static string Parameter(ParameterInfo parameter)
    {
        var kind = parameter switch
        {
            _ when parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) => "params ",
            _ when parameter.IsDefined(typeof(ExtensionAttribute)) => "this ",
            { IsOut: true } => "out ",
            { ParameterType.IsByRef: true } when parameter.IsDefined(typeof(IsReadOnlyAttribute)) => "in ",
            { ParameterType.IsByRef: true } => "ref ",
            _ => "",
        };
        var isDefault = parameter is { DefaultValue: null, ParameterType.IsValueType: true } && Nullable.GetUnderlyingType(parameter.ParameterType) is null;
        var standard = parameter.HasDefaultValue ? " = " + (isDefault ? "default" : ApiNames.Literal(parameter.DefaultValue)) : "";
        return $"{kind}{ApiNames.Of(new NullabilityInfoContext().Create(parameter))} {parameter.Name}{standard}";
    }
}
