namespace Dbt.Semantics.Cases;

/// <summary>One word of a case's state: <c>x5=-1</c>, <c>f1=1.5d</c>, <c>fflags=1</c>, <c>w@2000=7</c>, <c>exit=Breakpoint</c>.</summary>
/// <param name="Name">A register, a field of the state, or a width and an address in hexadecimal.</param>
/// <param name="Text">The value as it was written.</param>
public readonly record struct StateValue(string Name, string Text)
{
    /// <summary>
    /// The bits: a decimal or hexadecimal number, or a floating-point number with <c>s</c> (NaN-boxed) or <c>d</c> behind it.
    /// </summary>
    public ulong Bits => BitsOf(Text);

    /// <summary>Splits <c>name=value</c> words.</summary>
    public static IReadOnlyList<StateValue> ParseAll(string words) =>
    [
        .. from word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries)
           let parts = word.Split('=')
           select parts.Length == 2 ? new StateValue(parts[0], parts[1]) : throw new FormatException($"'{word}' is not name=value."),
    ];

    /// <summary>The bits of a number.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ulong BitsOf(string text)
    {
        if (text.StartsWith("0x", StringComparison.Ordinal))
            return Convert.ToUInt64(text[2..], 16);
        if (text.EndsWith('d'))
            return BitConverter.DoubleToUInt64Bits(double.Parse(text[..^1]));
        if (text.EndsWith('s'))
            return 0xffffffff_00000000 | BitConverter.SingleToUInt32Bits(float.Parse(text[..^1]));
        return text.StartsWith('-') ? (ulong)long.Parse(text) : ulong.Parse(text);
    }
}
