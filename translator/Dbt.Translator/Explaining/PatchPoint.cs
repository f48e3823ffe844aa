namespace Dbt.Translator.Explaining;

/// <summary>A jump to another block, which is patched when that is translated.</summary>
/// <param name="Offset">Where its displacement lies, in bytes from the block's first.</param>
/// <param name="Target">Guest address that it leads to.</param>
/// <param name="Unlinked">Where it leads until then, in bytes from the block's first.</param>
public readonly record struct PatchPoint(int Offset, ulong Target, int Unlinked);
