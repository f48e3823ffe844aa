using Dbt.Translator.HostCode.X64;

namespace Dbt.Translator.Baseline;

/// <summary>An operand of a host instruction: a register, memory of the hart's state or a constant.</summary>
internal readonly struct HostOperand
{
    private HostOperand(X64Register register, X64Memory memory, int constant, byte kind)
    {
        Register = register;
        Memory = memory;
        Constant = constant;
        IsRegister = kind == 0;
        IsMemory = kind == 1;
    }

    /// <summary>The register.</summary>
    public X64Register Register { get; }

    /// <summary>The memory.</summary>
    public X64Memory Memory { get; }

    /// <summary>The constant, sign-extended by the instruction.</summary>
    public int Constant { get; }

    /// <summary>Whether it is a register.</summary>
    public bool IsRegister { get; }

    /// <summary>Whether it is memory.</summary>
    public bool IsMemory { get; }

    /// <summary>Whether it is a constant.</summary>
    public bool IsConstant => !IsRegister && !IsMemory;

    /// <summary>A register.</summary>
    public static HostOperand Of(X64Register register) => new(register, default, 0, 0);

    /// <summary>Memory.</summary>
    public static HostOperand Of(X64Memory memory) => new(default, memory, 0, 1);

    /// <summary>A constant.</summary>
    public static HostOperand Of(int constant) => new(default, default, constant, 2);

    /// <summary>Whether it is this register.</summary>
    public bool Is(X64Register register) => IsRegister && Register == register;
}
