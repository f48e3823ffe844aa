namespace Dbt.Translator.Tests.Toy;

/// <summary>The operations of the toy guest: numbers in <see cref="Dbt.Isa.Instruction.Operation"/>, and first byte of the encoding (doubled).</summary>
internal enum ToyOperation : ushort
{
    /// <summary>a = b + imm</summary>
    AddImmediate = 3,

    /// <summary>a = a + b * imm</summary>
    MultiplyAdd,

    /// <summary>if (a != b) jump pc + imm</summary>
    BranchNotEqual,

    /// <summary>a = 64 bits at b + imm</summary>
    Load,

    /// <summary>64 bits at b + imm = a</summary>
    Store,

    /// <summary>b = next pc; jump a + imm, with the old a</summary>
    JumpRegister,

    /// <summary>a = 64 bits at b, which grow by a</summary>
    FetchAdd,

    /// <summary>exit EnvironmentCall</summary>
    Call,

    /// <summary>exit InstructionFence</summary>
    Fence,

    /// <summary>a = imm if b is not zero, and c (the low bits of imm) counts how often</summary>
    Conditional,

    /// <summary>a = 42; for the interpreter only</summary>
    System,

    /// <summary>two bytes, nothing</summary>
    Nop,
}
