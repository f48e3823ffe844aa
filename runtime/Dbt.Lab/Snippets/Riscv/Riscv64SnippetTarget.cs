using Dbt.Runtime.Elf;

namespace Dbt.Lab.Snippets.Riscv;

/// <summary>64-bit RISC-V.</summary>
internal sealed class Riscv64SnippetTarget : SnippetTarget
{
    /// <inheritdoc/>
    public override string Compiler => "riscv64-linux-gnu-gcc";

    /// <inheritdoc/>
    public override string Package => "gcc-riscv64-linux-gnu";

    /// <inheritdoc/>
    public override string Emulator => "qemu-riscv64";

    /// <inheritdoc/>
    public override ElfMachine Machine => ElfMachine.RiscV;

    /// <inheritdoc/>
    public override string StartCode(string function) => $"""
        .globl {StartSymbol}
        {StartSymbol}:
            la a0, buffer
            li a1, 16
            mv a2, a0
            li a3, 16
            la t0, {function}
            jalr t0
            li a0, 0
            li a7, 93
            ecall
        .bss
        .balign 4096
            .skip 65536
        buffer:
            .skip 65536

        """;
}
