namespace Dbt.Translator.Baseline;

/// <summary>What an access through the software TLB needs a tag for.</summary>
internal enum TlbAccess
{
    /// <summary>A load.</summary>
    Load,

    /// <summary>A store, or a read-modify-write.</summary>
    Store,
}
