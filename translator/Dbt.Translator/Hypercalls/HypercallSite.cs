using System.Runtime.InteropServices;
using Dbt.Isa;

namespace Dbt.Translator.Hypercalls;

/// <summary>An instruction that calls, in a translation. In unmanaged memory, as long as the translation.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct HypercallSite
{
    /// <summary>Calls that a site's cache knows when it cannot tell which one it makes.</summary>
    public const int EntryCount = 4;

    /// <summary>The instruction.</summary>
    public PredecodedInstruction* Instruction;

    /// <summary>Its guest address.</summary>
    public ulong Pc;

    /// <summary>The calls that it knows. Replaced one by one, each by one store. The first one is the only one where it is provable.</summary>
    public HypercallCell* Entry0, Entry1, Entry2, Entry3;

    /// <summary>Whether the registers of the key are constants here.</summary>
    public bool IsProvable;

    /// <summary>Which entry to replace next.</summary>
    public int NextEntry;

    /// <summary>Times that it left since the engine thought about it last. Harts may miss some of each other's.</summary>
    public int Exits;

    /// <summary>What it does now.</summary>
    public HypercallSiteState State;

    /// <summary>Eight aligned bytes with one instruction: the one that is patched. As it is executed, as the next ones.</summary>
    public byte* Slot;

    /// <summary>Where it leaves.</summary>
    public byte* Exit;

    /// <summary>Where it looks which call it is, and has it made.</summary>
    public byte* Lookup;

    /// <summary>Whose steps lie behind the slot; null for nobody's.</summary>
    public HypercallRecord* Body;
}
