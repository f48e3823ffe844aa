namespace Dbt.Runtime.Elf;

/// <summary>Kinds of segments (p_type) that matter for loading; others occur and are ignored.</summary>
public enum ElfSegmentType : uint
{
    /// <summary>Bytes to be mapped.</summary>
    Load = 1,

    /// <summary>Path of the program that loads this one.</summary>
    Interpreter = 3,

    /// <summary>The permissions that the stack wants (PT_GNU_STACK).</summary>
    Stack = 0x6474_E551,
}
