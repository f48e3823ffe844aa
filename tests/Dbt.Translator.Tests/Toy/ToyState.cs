using System.Runtime.InteropServices;
using Dbt.Isa;

namespace Dbt.Translator.Tests.Toy;

/// <summary>State of a toy hart.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ToyState
{
    /// <summary>What every hart has.</summary>
    public HartHeader Header;

    /// <summary>Sixteen registers; the first one is always zero.</summary>
    public fixed ulong R[16];
}
