namespace Dbt.Translator.HostCode.X64;

/// <summary>Shifts and rotates, by their number in encodings.</summary>
internal enum X64Shift : byte
{
    Rol = 0, Ror = 1, Shl = 4, Shr = 5, Sar = 7,
}
