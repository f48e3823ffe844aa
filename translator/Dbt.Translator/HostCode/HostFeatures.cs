using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Dbt.Translator.HostCode;

/// <summary>
/// Instructions beyond the base of x86-64 (SSE2) that emitted code may use. None of them is needed: take away what a test wants to
/// be absent by <c>HostFeatures.Detected with { Bmi2 = false }</c>.
/// </summary>
internal sealed record HostFeatures
{
    /// <summary>What this host has, as far as the .NET runtime is allowed to use it (its settings can switch features off).</summary>
    public static HostFeatures Detected { get; } = RuntimeFeature.IsDynamicCodeSupported ? OfRuntime : HostProcessor.Features;

    /// <summary>None of them.</summary>
    public static HostFeatures None { get; } = new();

    /// <summary>What the JIT compiler uses.</summary>
    internal static HostFeatures OfRuntime => new()
    {
        Sse41 = System.Runtime.Intrinsics.X86.Sse41.IsSupported,
        Popcnt = System.Runtime.Intrinsics.X86.Popcnt.X64.IsSupported,
        Lzcnt = System.Runtime.Intrinsics.X86.Lzcnt.X64.IsSupported,
        Bmi1 = System.Runtime.Intrinsics.X86.Bmi1.X64.IsSupported,
        Bmi2 = System.Runtime.Intrinsics.X86.Bmi2.X64.IsSupported,
        Pclmul = Pclmulqdq.IsSupported,
        Avx = System.Runtime.Intrinsics.X86.Avx.IsSupported,
        Fma = System.Runtime.Intrinsics.X86.Fma.IsSupported,
        Avx512 = Avx512F.IsSupported,
    };

    /// <summary>Whether code for x86-64 Linux can run here at all.</summary>
    public static bool IsX64Linux => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>roundss, roundsd.</summary>
    public bool Sse41 { get; init; }

    /// <summary>popcnt.</summary>
    public bool Popcnt { get; init; }

    /// <summary>lzcnt; without it the same bytes are bsr.</summary>
    public bool Lzcnt { get; init; }

    /// <summary>andn, tzcnt; without it the bytes of the latter are bsf.</summary>
    public bool Bmi1 { get; init; }

    /// <summary>mulx, rorx, sarx, shlx, shrx.</summary>
    public bool Bmi2 { get; init; }

    /// <summary>pclmulqdq.</summary>
    public bool Pclmul { get; init; }

    /// <summary>Three-operand forms of scalar floating point.</summary>
    public bool Avx { get; init; }

    /// <summary>Fused multiply-adds.</summary>
    public bool Fma { get; init; }

    /// <summary>AVX-512 Foundation.</summary>
    public bool Avx512 { get; init; }
}
