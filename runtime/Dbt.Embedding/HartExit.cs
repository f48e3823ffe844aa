using System.Globalization;

namespace Dbt.Embedding;

/// <summary>Why and where a hart stopped.</summary>
public readonly record struct HartExit
{
    /// <summary>Why.</summary>
    public HartExitReason Reason { get; init; }

    /// <summary>Address of the instruction that was the cause, or of the next one when none was.</summary>
    public ulong Pc { get; init; }

    /// <summary>The address that was accessed, of an access or a fault of one; 0 otherwise.</summary>
    public ulong Address { get; init; }

    /// <summary>Whether the access was, or would have been, a load, a store or a fetch.</summary>
    public MemoryAccess Access { get; init; }

    /// <summary>Bytes of an access to what is no memory: 1, 2, 4 or 8; 0 otherwise.</summary>
    public int Size { get; init; }

    /// <summary>What is stored by such an access, zero-extended.</summary>
    public ulong Value { get; init; }

    /// <summary>What kind of fault; None when it is none.</summary>
    public FaultKind Fault { get; init; }

    /// <summary>The exit in words, for a log.</summary>
    public override string ToString() => Reason switch
    {
        HartExitReason.Mmio => string.Create(CultureInfo.InvariantCulture, $"{Verb} of {Size} bytes at 0x{Address:x}, where nothing is, at pc 0x{Pc:x}"),
        HartExitReason.Fault when Fault == FaultKind.IllegalInstruction => string.Create(CultureInfo.InvariantCulture, $"illegal instruction at pc 0x{Pc:x}"),
        HartExitReason.Fault when Access == MemoryAccess.Execute => string.Create(CultureInfo.InvariantCulture, $"jump to 0x{Address:x}, which is no code"),
        HartExitReason.Fault => string.Create(CultureInfo.InvariantCulture, $"{(Fault == FaultKind.Misaligned ? "misaligned " : "")}{Verb} at 0x{Address:x}, which is not allowed, at pc 0x{Pc:x}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Reason} at pc 0x{Pc:x}"),
    };

    private string Verb => Access == MemoryAccess.Write ? "store" : "load";
}
