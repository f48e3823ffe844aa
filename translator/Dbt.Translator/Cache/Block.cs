using Dbt.Isa;

namespace Dbt.Translator.Cache;

/// <summary>
/// A predecoded block: one entry, instructions in a row, all of them beginning in one page. A basic block, or several in a row that are left at
/// conditional jumps, see <see cref="BlockDecoder"/>.
/// </summary>
public unsafe class Block
{
    /// <summary>
    /// The block's instructions between <see cref="EngineOperation.BlockStart"/> and <see cref="EngineOperation.BlockEnd"/>
    /// (which is there even when it cannot be reached: whoever counts instructions stops at it). In the cache's arena.
    /// </summary>
    public PredecodedInstruction* Code { get; private set; }

    /// <summary>The guest bytes that were decoded. In the cache's arena.</summary>
    public byte* Source { get; private set; }

    /// <summary>Guest address of the first instruction.</summary>
    public ulong Start { get; private set; }

    /// <summary>Number of guest instructions; at least 1.</summary>
    public int InstructionCount { get; private set; }

    /// <summary>Number of guest bytes.</summary>
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
        InstructionCount = decoder.Instructions.Length;
        ByteLength = decoder.Bytes.Length;
        Source = (byte*)arena.Allocate(ByteLength);
        decoder.Bytes.CopyTo(new Span<byte>(Source, ByteLength));
        Code = (PredecodedInstruction*)arena.Allocate((InstructionCount + 2) * sizeof(PredecodedInstruction));
        Code[0] = Frame(EngineOperation.BlockStart, Start);
        decoder.Instructions.CopyTo(new Span<PredecodedInstruction>(Code + 1, InstructionCount));
        Code[InstructionCount + 1] = Frame(EngineOperation.BlockEnd, End);
    }

    private PredecodedInstruction Frame(ushort operation, ulong pc) =>
        new() { Instruction = { Operation = operation, Immediate = InstructionCount }, Pc = pc };
}
