namespace Dbt.Translator.HostCode.X64;

/// <summary>What to do with the bit that an instruction copies to CF, by the number in encodings.</summary>
internal enum X64BitTest : byte
{
    Bt = 4, Bts = 5, Btr = 6, Btc = 7,
}
