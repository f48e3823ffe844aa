namespace Dbt.Translator.HostCode.X64;

/// <summary>A vector register of x86-64 by its number in encodings.</summary>
internal enum XmmRegister : byte
{
    Xmm0, Xmm1, Xmm2, Xmm3, Xmm4, Xmm5, Xmm6, Xmm7, Xmm8, Xmm9, Xmm10, Xmm11, Xmm12, Xmm13, Xmm14, Xmm15,
}
