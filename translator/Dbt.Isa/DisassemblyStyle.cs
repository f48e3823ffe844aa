namespace Dbt.Isa;

/// <summary>How instructions are printed.</summary>
[Flags]
public enum DisassemblyStyle
{
    /// <summary>As binutils prints them: pseudo-instructions, ABI register names.</summary>
    Default = 0,

    /// <summary>No pseudo-instructions; compressed forms under their own names (binutils' <c>-M no-aliases</c>).</summary>
    NoAliases = 1,

    /// <summary>Registers by number (binutils' <c>-M numeric</c>).</summary>
    Numeric = 2,
}
