using System.Buffers.Binary;
using System.Numerics;
using System.Reflection;
using Dbt.Isa.Semantics;
using Dbt.Translator.Il.Trees;
using Dbt.Translator.Il.Trees.Nodes;
using Dbt.Translator.Semantics;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Il.Emission;

/// <summary>Turns calls of intrinsics into IL: the JIT knows most of the methods that are called here as single instructions.</summary>
/// <param name="il">Where to.</param>
/// <param name="nodes">Pushes arguments.</param>
internal sealed class IntrinsicEmitter(IlWriter il, NodeEmitter nodes)
{
    private readonly FloatingPointEmitter _floatingPoint = new(il, nodes);

    /// <summary>Pushes the result of a call.</summary>
    public void Push(CallNode call)
    {
        if (call.Intrinsic >= Intrinsic.FpAdd)
        {
            _floatingPoint.Push(call);
            return;
        }
        var type = call.Arguments[0].Type;
        foreach (var argument in call.Arguments)
            nodes.Push(argument);
        switch (call.Intrinsic)
        {
            case Intrinsic.LeadingZeroCount:
                il.Call(Method(typeof(BitOperations), nameof(BitOperations.LeadingZeroCount), Unsigned(type)));
                break;
            case Intrinsic.TrailingZeroCount:
                il.Call(Method(typeof(BitOperations), nameof(BitOperations.TrailingZeroCount), Unsigned(type)));
                break;
            case Intrinsic.PopCount:
                il.Call(Method(typeof(BitOperations), nameof(BitOperations.PopCount), Unsigned(type)));
                break;
            case Intrinsic.RotateLeft:
                il.Call(Method(typeof(BitOperations), nameof(BitOperations.RotateLeft), Unsigned(type), typeof(int)));
                break;
            case Intrinsic.RotateRight:
                il.Call(Method(typeof(BitOperations), nameof(BitOperations.RotateRight), Unsigned(type), typeof(int)));
                break;
            case Intrinsic.ReverseBytes:
                il.Call(Method(typeof(BinaryPrimitives), nameof(BinaryPrimitives.ReverseEndianness), Unsigned(type)));
                break;
            default:
                il.Call(Method(typeof(Arithmetic), call.Intrinsic.ToString(), Clr(type), Clr(call.Arguments[1].Type)));
                break;
        }
    }

    /// <summary>Finds a public static method.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    public static MethodInfo Method(Type type, string name, params Type[] parameters) =>
        type.GetMethod(name, BindingFlags.Public | BindingFlags.Static, parameters)
        ?? throw new NotSupportedException($"{type.Name} has no {name}({string.Join(", ", parameters.Select(p => p.Name))}).");

    private static Type Unsigned(ValueType type) => type.IsLong() ? typeof(ulong) : type.Bits() switch
    {
        32 => typeof(uint),
        _ => throw new NotSupportedException($"No IL for bit counts of {type}."),
    };

    private static Type Clr(ValueType type) => type switch
    {
        ValueType.I32 => typeof(int),
        ValueType.U32 => typeof(uint),
        ValueType.I64 => typeof(long),
        ValueType.U64 => typeof(ulong),
        _ => throw new NotSupportedException($"No IL for products of {type}."),
    };
}
