using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Dbt.Isa.FloatingPoint;
using Dbt.Isa.Semantics;
using Dbt.Translator.Il.Trees.Nodes;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Il.Emission;

/// <summary>
/// Turns floating-point intrinsics into calls of <see cref="Ieee754"/>, whose methods have the intrinsics' names. The JIT inlines their
/// fast paths, so that nothing is left of a constant rounding mode.
/// </summary>
/// <param name="il">Where to.</param>
/// <param name="nodes">Pushes arguments.</param>
internal sealed class FloatingPointEmitter(IlWriter il, NodeEmitter nodes)
{
    private const string Prefix = "Fp";

    /// <summary>Pushes the result of a call.</summary>
    public void Push(CallNode call)
    {
        if (call is { Type: ValueType.F32, Intrinsic: Intrinsic.FpFromBits, Arguments: [ConstantNode bits] })
        {
            nodes.Push(bits);
            il.Call(IntrinsicEmitter.Method(typeof(FloatingPointEmitter), nameof(OpaqueSingle), typeof(int)));
            return;
        }
        var types = call.Arguments.Select(argument => Clr(argument.Type)).ToList();
        if (Rounds(call.Intrinsic))
            types[^1] = typeof(FloatingPointRounding);
        foreach (var argument in call.Arguments)
            nodes.Push(argument);
        var name = call.Intrinsic.ToString()[Prefix.Length..];
        if (Find(name, [.. types, typeof(uint).MakeByRefType()]) is { } accruing)
        {
            il.Argument(BlockEmitter.State);
            il.Constant(StateLayout.FpFlags);
            il.Emit(OpCodes.Add);
            il.Call(accruing);
        }
        else
        {
            il.Call(IntrinsicEmitter.Method(typeof(Ieee754), name, [.. types]));
        }
    }

    /// <summary>
    /// A binary32 whose bits are a constant. The JIT must not see that: it keeps float constants as doubles, and a signaling NaN
    /// comes back from there as a quiet one.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static float OpaqueSingle(int bits) => Ieee754.FromBits(bits);

    private static MethodInfo? Find(string name, Type[] types) =>
        typeof(Ieee754).GetMethod(name, BindingFlags.Public | BindingFlags.Static, types);

    private static bool Rounds(Intrinsic intrinsic) => intrinsic
        is (>= Intrinsic.FpAdd and <= Intrinsic.FpFusedMultiplyAdd)
        or (>= Intrinsic.FpToInt32 and <= Intrinsic.FpToDouble);

    private static Type Clr(ValueType type) => type switch
    {
        ValueType.F32 => typeof(float),
        ValueType.F64 => typeof(double),
        ValueType.I32 => typeof(int),
        ValueType.U32 => typeof(uint),
        ValueType.I64 => typeof(long),
        ValueType.U64 => typeof(ulong),
        _ => throw new NotSupportedException($"No floating-point intrinsic takes {type}."),
    };
}
