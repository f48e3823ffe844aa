using Dbt.Translator.HostCode.X64;

namespace Dbt.Translator.Baseline;

/// <summary>An operand of a floating-point instruction of the host: a vector register or memory of the hart's state.</summary>
internal readonly struct VectorOperand
{
    private VectorOperand(XmmRegister register, X64Memory memory, bool isMemory)
    {
        Register = register;
        Memory = memory;
        IsMemory = isMemory;
    }

    /// <summary>The register.</summary>
    public XmmRegister Register { get; }

    /// <summary>The memory.</summary>
    public X64Memory Memory { get; }

    /// <summary>Whether it is memory.</summary>
    public bool IsMemory { get; }

    /// <summary>A register.</summary>
    public static VectorOperand Of(XmmRegister register) => new(register, default, false);

    /// <summary>Memory.</summary>
    public static VectorOperand Of(X64Memory memory) => new(default, memory, true);

    /// <summary>Whether it is this register.</summary>
    public bool Is(XmmRegister register) => !IsMemory && Register == register;
}
