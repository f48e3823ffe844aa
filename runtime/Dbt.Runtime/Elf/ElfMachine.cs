namespace Dbt.Runtime.Elf;

/// <summary>Processors that an ELF file may be for (e_machine): numbers that messages can name.</summary>
public enum ElfMachine : ushort
{
    /// <summary>32-bit x86.</summary>
    X86 = 3,

    /// <summary>MIPS.</summary>
    Mips = 8,

    /// <summary>64-bit PowerPC.</summary>
    PowerPc64 = 21,

    /// <summary>IBM Z.</summary>
    S390 = 22,

    /// <summary>32-bit Arm.</summary>
    Arm = 40,

    /// <summary>64-bit x86.</summary>
    X64 = 62,

    /// <summary>64-bit Arm.</summary>
    Arm64 = 183,

    /// <summary>RISC-V of any width.</summary>
    RiscV = 243,

    /// <summary>LoongArch.</summary>
    LoongArch = 258,
}
