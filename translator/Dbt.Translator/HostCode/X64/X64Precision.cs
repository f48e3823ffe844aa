namespace Dbt.Translator.HostCode.X64;

/// <summary>Format of a scalar in a vector register. The values are the prefixes of most scalar instructions, see <see cref="X64Opcode"/>.</summary>
internal enum X64Precision : uint
{
    /// <summary>binary32.</summary>
    Single = X64Opcode.PrefixF3,

    /// <summary>binary64.</summary>
    Double = X64Opcode.PrefixF2,
}
