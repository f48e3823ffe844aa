using System.Runtime.InteropServices;

namespace Dbt.Translator.Hypercalls;

/// <summary>A <see cref="Hypercall"/> as translated code sees it. In unmanaged memory, as long as its table.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct HypercallRecord
{
    /// <summary>The engine's code for it: called from sites, returns with the carry flag set to leave. Null until the engine has made it.</summary>
    public byte* Code;

    /// <summary>The one instruction of eight bytes that does it, for a slot; 0 when there is none.</summary>
    public ulong Slot;

    /// <summary>Its place in the table's list of actions.</summary>
    public long Number;
}
