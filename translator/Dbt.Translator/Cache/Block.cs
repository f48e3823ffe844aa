using Dbt.Isa;

namespace Dbt.Translator.Cache;

/// <summary>
/// A predecoded basic block: one entry, instructions in a row, all of them beginning in one page. What compilers compile may go on behind it:
/// its trace.
/// </summary>
public unsafe class Block
{
    /// <summary>
    /// The block's instructions between <see cref="EngineOperation.BlockStart"/> and <see cref="EngineOperation.BlockEnd"/>
    /// (which is there even when it cannot be reached: whoever counts instructions stops at it). In the cache's arena.
    /// </summary>
    public PredecodedInstruction* Code { get; private set; }

    /// <summary><see cref="Code"/>'s opening.</summary>
    public BlockHead* Head => (BlockHead*)Code;

    /// <summary>The guest bytes that were decoded. In the cache's arena.</summary>
    public byte* Source { get; private set; }

    /// <summary>Guest address of the first instruction.</summary>
    public ulong Start { get; private set; }

    /// <summary>
    /// What is compiled: <see cref="Code"/>, or a longer block from the same start that is left at conditional jumps, framed as that is.
    /// The interpreter does not know such blocks.
    /// </summary>
    public PredecodedInstruction* Trace { get; private set; }

    /// <summary>Number of guest instructions in <see cref="Trace"/>.</summary>
    public int TraceLength { get; private set; }

    /// <summary>The guest instructions of <see cref="Trace"/>.</summary>
    public ReadOnlySpan<PredecodedInstruction> TraceInstructions => new(Trace + 1, TraceLength);

    /// <summary>Number of guest instructions; at least 1.</summary>
    public int InstructionCount { get; private set; }

    /// <summary>Number of guest bytes, those of the trace included.</summary>
    public int ByteLength { get; private set; }

    /// <summary>Guest address behind the last instruction.</summary>
    public ulong End => Start + (uint)ByteLength;

    /// <summary>The guest instructions.</summary>
    public ReadOnlySpan<PredecodedInstruction> Instructions => new(Code + 1, InstructionCount);

    /// <summary>The guest bytes, as a span.</summary>
    public ReadOnlySpan<byte> SourceBytes => new(Source, ByteLength);

    /// <summary>Whether the guest bytes are still what was decoded.</summary>
    internal bool IsCurrent(IGuestCode code)
    {
        Span<byte> now = stackalloc byte[ByteLength];
        return code.Fetch(Start, now) == now.Length && now.SequenceEqual(SourceBytes);
    }

    /// <summary>Copies what a decoder found into the arena.</summary>
    public void Fill(BlockDecoder decoder, Arena arena)
    {
        Start = decoder.Start;
        InstructionCount = decoder.Count;
        Code = Copy(decoder, arena);
    }

    /// <summary>Copies the longer block that a decoder found at the same start: the trace.</summary>
    public void Extend(BlockDecoder decoder, Arena arena) => Copy(decoder, arena);

    private PredecodedInstruction* Copy(BlockDecoder decoder, Arena arena)
    {
        var count = TraceLength = decoder.Count;
        ByteLength = decoder.Bytes.Length;
        Source = (byte*)arena.Allocate(ByteLength);
        decoder.Bytes.CopyTo(new Span<byte>(Source, ByteLength));
        Trace = (PredecodedInstruction*)arena.Allocate((count + 2) * sizeof(PredecodedInstruction));
        Trace[0] = Frame(EngineOperation.BlockStart, count, Start);
        decoder.CopyTo(Trace + 1);
        Trace[count + 1] = Frame(EngineOperation.BlockEnd, count, End);
        return Trace;
    }

    private static PredecodedInstruction Frame(ushort operation, int count, ulong pc) =>
        new() { Instruction = { Operation = operation, Immediate = count }, Pc = pc };
}
