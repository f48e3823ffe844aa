namespace Dbt.Fuzz.Programs;

/// <summary>What must stand around an operation so that a program with it makes sense.</summary>
internal enum OperationKind
{
    /// <summary>Nothing.</summary>
    Plain,

    /// <summary>A place to go to.</summary>
    Branch,

    /// <summary>A place to go to, in a register.</summary>
    IndirectJump,

    /// <summary>An address in a register.</summary>
    Access,

    /// <summary>A system register, and a valid rounding mode after it was written.</summary>
    SystemRegister,

    /// <summary>Somebody who handles the call: ends a program.</summary>
    Call,
}
