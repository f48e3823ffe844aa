using System.Reflection.Emit;
using Dbt.Translator.Cache;

namespace Dbt.Translator.Il.Blocks;

/// <summary>A block of the <see cref="BlockEngine"/>: predecoded, and compiled when it is hot.</summary>
public sealed unsafe class CompiledBlock : Block
{
    /// <summary>Entry of the compiled code; null while the block is interpreted.</summary>
    internal void* Entry { get; set; }

    /// <summary>Keeps the compiled code alive.</summary>
    internal DynamicMethod? Method { get; set; }

    /// <summary>Head of the ring of links that lead here.</summary>
    internal Link* Incoming { get; set; }

    /// <summary>Links that lead away.</summary>
    internal nint[] Outgoing { get; set; } = [];
}
