using Dbt.Translator.Cache;

namespace Dbt.Translator.Baseline;

/// <summary>A block that can be compiled to host code: predecoded, and compiled.</summary>
public unsafe class BaselineBlock : Block
{
    /// <summary>Where its code is entered; null before it is compiled.</summary>
    internal byte* Entry { get; private set; }

    /// <summary>Length of its code in bytes.</summary>
    internal int CodeLength { get; private set; }

    /// <summary>Its direct jumps to other blocks: the first one, which leads to its siblings. Null when there is none.</summary>
    internal BaselineLink* Outgoing { get; private set; }

    /// <summary>Head of the ring of links that lead here.</summary>
    internal BaselineLink* Incoming { get; set; }

    /// <summary>Its accesses to guest memory.</summary>
    internal FaultSites Sites { get; private set; }

    /// <summary>Registers that have the host registers of hot ones in this block.</summary>
    internal RegisterExchange[] Exchanges { get; private set; } = [];

    /// <summary>It is compiled.</summary>
    internal void SetCode(byte* entry, int length, BaselineLink* outgoing, in FaultSites sites, RegisterExchange[] exchanges)
    {
        Exchanges = exchanges;
        Entry = entry;
        CodeLength = length;
        Outgoing = outgoing;
        Sites = sites;
    }
}
