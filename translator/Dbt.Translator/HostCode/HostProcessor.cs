using System.Runtime.Intrinsics.X86;

namespace Dbt.Translator.HostCode;

/// <summary>
/// What the processor says of itself (Intel SDM, volume 2A, CPUID; volume 1, 13.3 for the state that the system enabled). For native
/// builds: there <c>IsSupported</c> tells what the build was made for, not what the host has.
/// </summary>
internal static unsafe class HostProcessor
{
    private const ulong AvxState = 0x6;
    private const ulong Avx512State = 0xE6;

    /// <summary>The instructions that it has and whose state the system keeps.</summary>
    public static HostFeatures Features
    {
        get
        {
            var leaves = (uint)X86Base.CpuId(0, 0).Eax;
            var extendedLeaves = (uint)X86Base.CpuId(unchecked((int)0x8000_0000), 0).Eax;
            var (_, _, basic, _) = X86Base.CpuId(1, 0);
            var extended = leaves >= 7 ? X86Base.CpuId(7, 0).Ebx : 0;
            var amd = extendedLeaves >= 0x8000_0001 ? X86Base.CpuId(unchecked((int)0x8000_0001), 0).Ecx : 0;
            var state = Has(basic, 27) ? EnabledState() : 0;
            var avx = Has(basic, 28) && (state & AvxState) == AvxState;
            return new HostFeatures
            {
                Sse41 = Has(basic, 19),
                Popcnt = Has(basic, 23),
                Lzcnt = Has(amd, 5),
                Bmi1 = Has(extended, 3) && avx,
                Bmi2 = Has(extended, 8) && avx,
                Pclmul = Has(basic, 1),
                Avx = avx,
                Fma = avx && Has(basic, 12),
                Avx512 = avx && Has(extended, 16) && (state & Avx512State) == Avx512State,
            };
        }
    }

    private static bool Has(int register, int bit) => (register >> bit & 1) != 0;

    // XCR0, which C# cannot read.
    private static ulong EnabledState()
    {
        ReadOnlySpan<byte> code =
        [
            0x31, 0xC9, // xor ecx, ecx
            0x0F, 0x01, 0xD0, // xgetbv
            0x48, 0xC1, 0xE2, 0x20, // shl rdx, 32
            0x48, 0x09, 0xD0, // or rax, rdx
            0xC3, // ret
        ];
        using var memory = new ExecutableMemory(4096);
        memory.TryBegin(code.Length, out var start, out _);
        code.CopyTo(new Span<byte>(start, code.Length));
        return ((delegate* unmanaged<ulong>)memory.ExecuteStart)();
    }
}
