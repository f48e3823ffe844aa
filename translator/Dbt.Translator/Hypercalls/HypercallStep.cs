using Dbt.Isa;

namespace Dbt.Translator.Hypercalls;

/// <summary>
/// A step of a handler that every engine can execute and compile: between the guest's registers and the words that a hart has for this
/// (<see cref="HartHeader.CallWords"/>). Steps happen one after the other.
/// </summary>
public readonly record struct HypercallStep
{
    private HypercallStep(HypercallStepKind kind, int register, int word, long value)
    {
        Kind = kind;
        Register = register;
        Word = word;
        Value = value;
    }

    /// <summary>What it does.</summary>
    public HypercallStepKind Kind { get; }

    /// <summary>The general-purpose register, by number.</summary>
    public int Register { get; }

    /// <summary>The word, by its place in <see cref="HartHeader.CallWords"/>.</summary>
    public int Word { get; }

    /// <summary>The constant.</summary>
    public long Value { get; }

    /// <summary>The register becomes a constant.</summary>
    public static HypercallStep Set(int register, long value) => new(HypercallStepKind.Set, register, 0, value);

    /// <summary>The register becomes a word.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such word.</exception>
    public static HypercallStep Load(int register, int word) => new(HypercallStepKind.Load, register, Checked(word), 0);

    /// <summary>The word becomes a register.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such word.</exception>
    public static HypercallStep Store(int word, int register) => new(HypercallStepKind.Store, register, Checked(word), 0);

    /// <summary>A constant is added to a word.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such word.</exception>
    public static HypercallStep Add(int word, int value) => new(HypercallStepKind.Add, -1, Checked(word), value);

    /// <summary>Executes it.</summary>
    internal unsafe void Execute(HartHeader* state, RegisterFileInfo file)
    {
        var register = (ulong*)((byte*)state + file.Offset + (nint)Register * file.Stride);
        switch (Kind)
        {
            case HypercallStepKind.Set:
                *register = (ulong)Value;
                break;
            case HypercallStepKind.Load:
                *register = state->CallWords[Word];
                break;
            case HypercallStepKind.Store:
                state->CallWords[Word] = *register;
                break;
            default:
                state->CallWords[Word] += (ulong)Value;
                break;
        }
    }

    private static int Checked(int word)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)word, (uint)HartHeader.CallWordCount, nameof(word));
        return word;
    }
}
