namespace Dbt.Runtime.Elf;

/// <summary>What kind of ELF file it is (e_type).</summary>
public enum ElfFileType : ushort
{
    /// <summary>An object file, to be linked.</summary>
    Relocatable = 1,

    /// <summary>A program at fixed addresses.</summary>
    Executable = 2,

    /// <summary>A shared library, or a program that runs at any address.</summary>
    Dynamic = 3,

    /// <summary>A memory dump.</summary>
    Core = 4,
}
