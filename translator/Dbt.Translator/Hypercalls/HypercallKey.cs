namespace Dbt.Translator.Hypercalls;

/// <summary>Which call a guest makes: what stands in the registers that <see cref="HypercallConvention"/> names.</summary>
/// <param name="Number">The call's number, or that of its extension.</param>
/// <param name="Function">Its function within the extension; 0 where a convention has no such register.</param>
public readonly record struct HypercallKey(ulong Number, ulong Function = 0);
