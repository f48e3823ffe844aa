using Dbt.Isa;

namespace Dbt.Translator.Systems;

/// <summary>
/// A hart's system mode, as engines see it: what addresses lead to now, and what happens between instructions. It is the hart's
/// <see cref="Hart.Code"/>; <see cref="IGuestCode.Fetch"/> goes through the hart's present translation. Called on the thread that runs the hart.
/// </summary>
public interface ISystemHart : IGuestCode
{
    /// <summary>How many <see cref="Mode"/>s there are.</summary>
    int ModeCount { get; }

    /// <summary>
    /// Number of the way in which the hart executes now: within one, and until <see cref="Attend"/> says otherwise, a pc leads to the same
    /// code. Privilege modes have each their own.
    /// </summary>
    int Mode { get; }

    /// <summary>Extensions whose instructions the hart executes in its present mode.</summary>
    ExtensionSet Extensions { get; }

    /// <summary>Whether there are so few extensions only because the guest has switched some off: decodings with and without them are kept apart.</summary>
    bool IsReduced { get; }

    /// <summary>
    /// Finds where the code at an address is. Gives None, or MemoryFault with <see cref="HartHeader.FaultAddress"/> and the rest set when
    /// it may not be fetched from.
    /// </summary>
    ExitReason Locate(ulong address, out ulong physical);

    /// <summary>The bytes of code in physical memory; empty when they are none.</summary>
    ReadOnlySpan<byte> ReadPhysical(ulong physical, int length);

    /// <summary>
    /// Stores to the physical page must be reported to the engine from now on (<see cref="Engines.IEngine.Invalidate"/>): code of it was
    /// translated. Harts on other threads may store unreported until their next <see cref="Attend"/>.
    /// </summary>
    void WatchCode(ulong physical);

    /// <summary>Does what <see cref="Isa.Systems.SystemHeader.Attention"/> asks for, and takes interrupts: the hart's Pc may be another one then.</summary>
    SystemChange Attend();

    /// <summary>Takes an exception at the hart's Pc: its handler is where the hart goes on. False when the engine should return the reason.</summary>
    bool TakeException(ExitReason reason);
}
