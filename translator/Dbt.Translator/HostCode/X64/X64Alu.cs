namespace Dbt.Translator.HostCode.X64;

/// <summary>The eight operations that share their encodings, by their number in them.</summary>
internal enum X64Alu : byte
{
    Add, Or, Adc, Sbb, And, Sub, Xor, Cmp,
}
