using Dbt.Generators.Semantics.Tree;

namespace Dbt.Generators.Semantics;

/// <summary>The functions that semantics may call for a value; isa-specs/README.md is the manual.</summary>
internal static class IntrinsicTable
{
    private static readonly ValueType[] Integers = [ValueType.I32, ValueType.U32, ValueType.I64, ValueType.U64];
    private static readonly ValueType[] Signed = [ValueType.I32, ValueType.I64];
    private static readonly ValueType[] Floats = [ValueType.F32, ValueType.F64];

    /// <summary>Every function by its name in specs.</summary>
    public static IReadOnlyDictionary<string, IntrinsicFunction> ByName { get; } = new Dictionary<string, IntrinsicFunction>
    {
        ["clz"] = new(Intrinsic.LeadingZeroCount, "T", Integers, ValueType.I32),
        ["ctz"] = new(Intrinsic.TrailingZeroCount, "T", Integers, ValueType.I32),
        ["popcount"] = new(Intrinsic.PopCount, "T", Integers, ValueType.I32),
        ["rotateLeft"] = new(Intrinsic.RotateLeft, "T int", Integers),
        ["rotateRight"] = new(Intrinsic.RotateRight, "T int", Integers),
        ["reverseBytes"] = new(Intrinsic.ReverseBytes, "T", Integers),
        ["multiplyHigh"] = new(Intrinsic.MultiplyHigh, "T T", Integers),
        ["multiplyHighMixed"] = new(Intrinsic.MultiplyHighMixed, "T unsigned", Signed),
        ["carrylessMultiply"] = new(Intrinsic.CarrylessMultiply, "T T", Integers),
        ["carrylessMultiplyHigh"] = new(Intrinsic.CarrylessMultiplyHigh, "T T", Integers),
        ["add"] = new(Intrinsic.FpAdd, "T T rounding", Floats),
        ["subtract"] = new(Intrinsic.FpSubtract, "T T rounding", Floats),
        ["multiply"] = new(Intrinsic.FpMultiply, "T T rounding", Floats),
        ["divide"] = new(Intrinsic.FpDivide, "T T rounding", Floats),
        ["squareRoot"] = new(Intrinsic.FpSquareRoot, "T rounding", Floats),
        ["fusedMultiplyAdd"] = new(Intrinsic.FpFusedMultiplyAdd, "T T T rounding", Floats),
        ["minimumNumber"] = new(Intrinsic.FpMinimumNumber, "T T", Floats),
        ["maximumNumber"] = new(Intrinsic.FpMaximumNumber, "T T", Floats),
        ["equal"] = new(Intrinsic.FpEqual, "T T", Floats, ValueType.Bool),
        ["less"] = new(Intrinsic.FpLess, "T T", Floats, ValueType.Bool),
        ["lessOrEqual"] = new(Intrinsic.FpLessOrEqual, "T T", Floats, ValueType.Bool),
        ["classify"] = new(Intrinsic.FpClassify, "T", Floats, ValueType.I32),
        ["toInt"] = new(Intrinsic.FpToInt32, "T rounding", Floats, ValueType.I32),
        ["toUInt"] = new(Intrinsic.FpToUInt32, "T rounding", Floats, ValueType.U32),
        ["toLong"] = new(Intrinsic.FpToInt64, "T rounding", Floats, ValueType.I64),
        ["toULong"] = new(Intrinsic.FpToUInt64, "T rounding", Floats, ValueType.U64),
        ["toFloat"] = new(Intrinsic.FpToSingle, "T rounding", [.. Integers, ValueType.F64], ValueType.F32),
        ["toDouble"] = new(Intrinsic.FpToDouble, "T rounding", [.. Integers, ValueType.F32], ValueType.F64),
        ["bits"] = new(Intrinsic.FpToBits, "T", Floats, ValueType.Void),
        ["floatFromBits"] = new(Intrinsic.FpFromBits, "T", [ValueType.I32], ValueType.F32),
        ["doubleFromBits"] = new(Intrinsic.FpFromBits, "T", [ValueType.I64], ValueType.F64),
    };

    /// <summary>Read-modify-write accesses.</summary>
    public static IReadOnlyDictionary<string, AtomicOperator> Atomics { get; } = new Dictionary<string, AtomicOperator>
    {
        ["fetchAdd"] = AtomicOperator.Add,
        ["fetchAnd"] = AtomicOperator.And,
        ["fetchOr"] = AtomicOperator.Or,
        ["fetchXor"] = AtomicOperator.Xor,
        ["exchange"] = AtomicOperator.Exchange,
        ["fetchMin"] = AtomicOperator.Minimum,
        ["fetchMax"] = AtomicOperator.Maximum,
    };

    /// <summary>Functions with rules of their own.</summary>
    public static IReadOnlyList<string> Special { get; } =
    [
        "load", "store", "loadReserved", "storeConditional", "jump", "trap", "fence", "fenceI",
        "csrRead", "csrWrite", "index", "counter", "waitForInterrupt", "fenceTranslations", "zeroBlock", "manageBlock",
    ];

    /// <summary>Every name that may stand before a parenthesis.</summary>
    public static IEnumerable<string> Names => ByName.Keys.Concat(Atomics.Keys).Concat(Special);

    /// <summary>Whether an intrinsic accrues floating-point exceptions, which is a change of state.</summary>
    public static bool AccruesFlags(Intrinsic intrinsic) =>
        intrinsic is >= Intrinsic.FpAdd and <= Intrinsic.FpToDouble and not Intrinsic.FpClassify;
}
