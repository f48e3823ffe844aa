namespace Dbt.Translator.HostCode.X64;

/// <summary>A general register of x86-64 by its number in encodings; the operand size says how much of it is meant.</summary>
internal enum X64Register : byte
{
    Rax, Rcx, Rdx, Rbx, Rsp, Rbp, Rsi, Rdi, R8, R9, R10, R11, R12, R13, R14, R15,
}
