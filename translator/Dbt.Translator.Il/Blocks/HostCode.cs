namespace Dbt.Translator.Il.Blocks;

/// <summary>Finds out how long compiled code is, for people who want to read it.</summary>
/// <remarks>
/// CoreCLR tells nobody. In front of a method's entry lies a pointer to its header, which names the method and the range of its unwind
/// information; that is undocumented, so everything that can be checked is, and no answer is an answer.
/// </remarks>
internal static unsafe class HostCode
{
    private const int MethodOffset = 24;
    private const int UnwindCountOffset = 32;
    private const int BeginOffset = 36;
    private const int EndOffset = 40;
    private const long SameHeap = 64 << 20;
    private const uint Longest = 1 << 20;

    /// <summary>A copy of a compiled method's bytes; empty when the header does not look as expected.</summary>
    /// <param name="entry">Where it is entered.</param>
    /// <param name="method">What the runtime calls it.</param>
    public static byte[] Copy(void* entry, RuntimeMethodHandle method) => new ReadOnlySpan<byte>(entry, LengthOf(entry, method)).ToArray();

    /// <summary>How many bytes a compiled method has; 0 when the header does not look as expected.</summary>
    /// <param name="entry">Where it is entered.</param>
    /// <param name="method">What the runtime calls it.</param>
    public static int LengthOf(void* entry, RuntimeMethodHandle method)
    {
        var code = (byte*)entry;
        var header = ((byte**)code)[-1];
        if (Math.Abs(header - code) > SameHeap || ((nint)header & sizeof(nint) - 1) != 0)
            return 0;
        var length = *(uint*)(header + EndOffset) - *(uint*)(header + BeginOffset);
        var known = *(nint*)(header + MethodOffset) == method.Value && *(uint*)(header + UnwindCountOffset) == 1 && length is > 0 and <= Longest;
        return known ? (int)length : 0;
    }
}
