namespace Dbt.Generators.Spec.Model;

/// <summary>What the bits of a field mean.</summary>
internal enum FieldKind
{
    /// <summary>A register number of <see cref="FieldModel.RegisterFile"/>; its name in semantics is the register's value.</summary>
    Register,

    /// <summary>A sign-extended number, printed in decimal. Type <c>word</c>.</summary>
    Signed,

    /// <summary>A number, printed in decimal. Type <c>int</c>.</summary>
    Unsigned,

    /// <summary>A number, printed in hexadecimal. Type <c>int</c>.</summary>
    Hex,

    /// <summary>A sign-extended number with its low bits zero, printed as its upper 20 bits in hexadecimal. Type <c>word</c>.</summary>
    Upper,

    /// <summary>A shift count, below the width of a word, printed in hexadecimal. Type <c>int</c>.</summary>
    Shift,

    /// <summary>A control and status register's number, printed by name. Only passed to csrRead and csrWrite.</summary>
    Csr,

    /// <summary>A rounding mode, printed when it is not the dynamic one. Only passed to rounding intrinsics.</summary>
    Rounding,

    /// <summary>Acquire and release bits, printed as a suffix of the mnemonic.</summary>
    Order,

    /// <summary>A set of access kinds (iorw).</summary>
    Fence,
}
