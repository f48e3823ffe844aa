namespace Dbt.Translator.Hypercalls;

/// <summary>
/// A function of the host that fills a structure for the guest: <c>long f(argument, ...)</c> by the host's C convention, 0 when it did. One of its
/// arguments is the guest's address of the structure, which it never sees: it fills a buffer, and that is copied to the guest under the guest's
/// own rights. Whatever goes wrong leaves the call to the engine's caller, as if it had not begun.
/// </summary>
/// <param name="Function">Its address.</param>
/// <param name="Arguments">How many arguments it takes, 1 to 3; those of the guest, in order.</param>
/// <param name="Pointer">Which one of them is the structure's address.</param>
/// <param name="Words">Length of the structure in words of 64 bits, 1 to <see cref="MostWords"/>.</param>
/// <param name="Absent">Which one of them must be 0; negative for none.</param>
public sealed record HostQuery(nint Function, int Arguments, int Pointer, int Words, int Absent = -1)
{
    /// <summary>The longest structure.</summary>
    public const int MostWords = 4;

    // By the host's convention.
    internal const int MostArguments = 3;

    internal bool IsValid =>
        Function != 0 && Arguments is > 0 and <= MostArguments && Words is > 0 and <= MostWords && (uint)Pointer < (uint)Arguments && Absent < Arguments;
}
