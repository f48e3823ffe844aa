using Dbt.Isa;
using Dbt.Translator.Il.Trees;
using Dbt.Translator.Il.Trees.Statements;

namespace Dbt.Translator.Il.Regions;

/// <summary>A basic block of a region: instructions in a row, entered at the first, left behind the last.</summary>
/// <param name="start">Guest address of the first instruction.</param>
/// <param name="instructions">The instructions that are compiled; where the next one is not, the block goes on at its address.</param>
internal sealed class RegionBlock(ulong start, PredecodedInstruction[] instructions)
{
    /// <summary>Guest address of the first instruction.</summary>
    public ulong Start => start;

    /// <summary>The instructions; none when the first one is not for regions.</summary>
    public PredecodedInstruction[] Instructions => instructions;

    /// <summary>What they do, in order, without the jump at the end.</summary>
    public IReadOnlyList<Statement> Statements { get; set; } = [];

    /// <summary>Registers that the block writes, by number in the region, and their values at its end: locals or constants.</summary>
    public SortedDictionary<int, Node> Written { get; set; } = [];

    /// <summary>Whether <see cref="Taken"/> is next; null when nobody asks.</summary>
    public Node? Condition { get; set; }

    /// <summary>Where the block goes on when <see cref="Condition"/> holds.</summary>
    public RegionEdge? Taken { get; set; }

    /// <summary>Where it goes on otherwise; null when it jumps to <see cref="Target"/>.</summary>
    public RegionEdge? Next { get; set; }

    /// <summary>The address that an indirect jump goes to.</summary>
    public Node? Target { get; set; }

    /// <summary>Places in the region where an indirect jump may lead: behind the calls of what it returns from.</summary>
    public List<RegionEdge> Likely { get; } = [];

    /// <summary>Number in the order of emission.</summary>
    public int Order { get; set; } = -1;

    /// <summary>Entry index for those who come from outside; -1 when nobody does.</summary>
    public int Entry { get; set; } = -1;

    /// <summary>Registers whose value somebody may want at the block's start, as a set.</summary>
    public ulong LiveIn { get; set; }

    /// <summary>The same at its end.</summary>
    public ulong LiveOut { get; set; }

    /// <summary>Registers whose value is perhaps not in the hart's state, at the block's start.</summary>
    public ulong DirtyIn { get; set; }

    /// <summary>The same at its end.</summary>
    public ulong DirtyOut { get; set; }

    /// <summary>What is known of addresses at the block's start.</summary>
    public Bounds? Bounds { get; set; }

    /// <summary>Registers that are compared with the end of the window before the block is entered, unless that is known.</summary>
    public ulong Wanted { get; set; }

    /// <summary>Whether an instruction is one of its.</summary>
    public bool Contains(ulong pc) => Array.Exists(instructions, instruction => instruction.Pc == pc);

    /// <summary>Whether it ends with a call, and the function is in the region.</summary>
    public bool Calls(ulong call) => instructions[^1].Pc == call && Next?.Block != null;

    /// <summary>Ways out, in the order of the fields.</summary>
    public IEnumerable<RegionEdge> Edges
    {
        get
        {
            if (Taken != null)
                yield return Taken;
            if (Next != null)
                yield return Next;
            foreach (var edge in Likely)
                yield return edge;
        }
    }
}
