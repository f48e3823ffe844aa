using System.Runtime.InteropServices;

namespace Dbt.Translator.Hypercalls;

/// <summary>
/// A call that a guest made or may make, as translated code sees it. All sites of all harts look at the same cell, so one store to
/// <see cref="Action"/> changes what the call does for all of them at once; nothing else of it ever changes. In unmanaged memory, as long as its table.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct HypercallCell
{
    /// <summary>The call.</summary>
    public ulong Number;

    /// <summary>The call's second part.</summary>
    public ulong Function;

    /// <summary>What it does now.</summary>
    public HypercallRecord* Action;

    /// <summary>Times that it left to the engine's caller. With an interlocked operation, as the next one.</summary>
    public long Exits;

    /// <summary>Times that it left translated code, and the engine made it.</summary>
    public long Handled;

    /// <summary>Times that a site called its code, where somebody counts.</summary>
    public long Cached;

    /// <summary>Times that a site had it inlined, where somebody counts.</summary>
    public long Inlined;
}
