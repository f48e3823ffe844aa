using System.Buffers.Binary;
using Dbt.Isa;

namespace Dbt.Translator.Cache;

/// <summary>Decodes one basic block after the other into buffers of its own. Not thread-safe.</summary>
/// <param name="isa">The instruction set.</param>
/// <param name="extensions">Extensions that are on.</param>
/// <param name="code">Where instructions come from.</param>
/// <param name="maximumLength">Most instructions in a block.</param>
/// <param name="mostBranches">
/// Most conditional jumps forward that a block goes on behind, as if they were not taken; and it goes on behind accesses to floating-point
/// state. 0 gives basic blocks, which the interpreter wants.
/// </param>
/// <param name="staysInPage">
/// An instruction that goes on in the next page is a block of its own: pages need not lead where they led when it was decoded.
/// </param>
public sealed class BlockDecoder(
    GuestIsa isa, ExtensionSet extensions, IGuestCode code, int maximumLength, int mostBranches = 0, bool staysInPage = false)
{
    // What a decoder takes at most.
    private const int InstructionBytes = sizeof(uint);

    // System registers may steer how the rest of a block works (rounding) and count instructions, so their users end blocks too.
    private const OperationTraits Last = OperationTraits.EndsBlock | OperationTraits.System;

    // Jumps over less are as often taken as not, and then leaving in the middle costs more than it saves: a trace must reach their targets.
    private const int ShortestSkip = 16;

    private const OperationTraits Branch = OperationTraits.EndsBlock | OperationTraits.DirectJump | OperationTraits.Conditional;

    private readonly PredecodedInstruction[] _instructions = new PredecodedInstruction[maximumLength];
    private readonly byte[] _bytes = new byte[(maximumLength + 2) * InstructionBytes];
    private readonly ulong _misaligned = (ulong)isa.InstructionAlignment(extensions) - 1;
    private int _count;
    private int _length;
    private int _branches;
    private bool _skips;

    /// <summary>Guest address of the block.</summary>
    public ulong Start { get; private set; }

    /// <summary>Address that could not be fetched from, after decoding gave something else than None.</summary>
    public ulong FaultAddress { get; private set; }

    /// <summary>The instructions of the last block, compressed forms expanded. Bits that mean nothing are the last one.</summary>
    public ReadOnlySpan<PredecodedInstruction> Instructions => _instructions.AsSpan(0, _count);

    /// <summary>Number of <see cref="Instructions"/>.</summary>
    internal int Count => _count;

    /// <summary>Copies <see cref="Instructions"/>. A loop, not a span's: its code would be compiled at every start.</summary>
    internal unsafe void CopyTo(PredecodedInstruction* target)
    {
        for (var i = 0; i < _count; i++)
            target[i] = _instructions[i];
    }

    /// <summary>The guest bytes of the last block.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>
    /// Decodes the block at <paramref name="pc"/>: up to and including the first operation that ends a block and is not gone on behind,
    /// the last one that begins in the page, or the longest that is wanted. Gives None, or why not even one instruction can be fetched.
    /// </summary>
    public ExitReason TryDecode(ulong pc) => Decode(pc, maximumLength);

    /// <summary>Decodes a single instruction, as the first of a block.</summary>
    public ExitReason TryDecodeOne(ulong pc, out Instruction instruction)
    {
        var reason = Decode(pc, 1);
        instruction = _instructions[0].Instruction;
        return reason;
    }

    /// <summary>
    /// Goes on behind a block where that is wanted. The block's own part is what it was decoded from, whatever is there now: it is as old
    /// as the block, and a fence finds that out. False when nothing is behind it.
    /// </summary>
    public unsafe bool TryExtend(Block block)
    {
        ArgumentNullException.ThrowIfNull(block);
        var last = block.Code + block.InstructionCount;
        Start = block.Start;
        _branches = 0;
        _skips = false;
        if (block.InstructionCount >= maximumLength || !GoesOnBehind(last->Instruction, isa.TraitsOf(last->Instruction.Operation), last->Pc))
            return false;
        _count = block.InstructionCount;
        _length = block.ByteLength;
        for (var i = 0; i < _count; i++)
            _instructions[i] = block.Code[1 + i];
        block.SourceBytes.CopyTo(_bytes);
        DecodeRest(maximumLength);
        return _count > block.InstructionCount;
    }

    private ExitReason Decode(ulong pc, int most)
    {
        _skips = false;
        Start = pc;
        FaultAddress = pc;
        _count = _length = _branches = 0;
        if ((pc & _misaligned) != 0)
            return ExitReason.MisalignedAccess;
        var fetched = DecodeRest(most);
        if (_count > 0)
            return ExitReason.None;
        FaultAddress = pc + (uint)fetched;
        return ExitReason.MemoryFault;
    }

    // Gives the number of bytes that are there.
    private int DecodeRest(int most)
    {
        var pageRest = GuestPage.Size - (int)(Start & GuestPage.Size - 1);
        var wanted = Math.Min((most - _count + 1) * InstructionBytes, pageRest - _length + InstructionBytes);
        var fetched = wanted < InstructionBytes ? _length : _length + code.Fetch(Start + (uint)_length, _bytes.AsSpan(_length, wanted));
        while (_count < most && _length < pageRest && TryDecodeNext(fetched, out var last) && !last)
        {
        }
        if (_skips)
            CutBehindOpenSkip();
        return fetched;
    }

    private bool TryDecodeNext(int fetched, out bool last)
    {
        last = false;
        var rest = fetched - _length;
        // The upper half of what is read does not matter to short instructions.
        if (rest < InstructionBytes && (rest < sizeof(ushort) || rest < isa.LengthOf(BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(_length)))))
            return false;
        var bits = BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(_length));
        ref var next = ref _instructions[_count];
        var legal = isa.TryDecode(bits, extensions, out next.Instruction);
        if (staysInPage && _count > 0 && (int)(Start & GuestPage.Size - 1) + _length + next.Instruction.Length > GuestPage.Size)
            return false;
        _count++;
        var pc = next.Pc = Start + (uint)_length;
        _length += Math.Min((int)next.Instruction.Length, InstructionBytes);
        last = !legal;
        if (!legal)
            return true;
        isa.ExpandInPlace(ref next.Instruction);
        var traits = isa.TraitsOf(next.Instruction.Operation);
        last = (traits & Last) != 0 && !GoesOnBehind(next.Instruction, traits, pc);
        return true;
    }

    // Jumps back are loops: what is behind them is seldom next. System registers may count instructions, unless they are floating-point state.
    private bool GoesOnBehind(in Instruction instruction, OperationTraits traits, ulong pc)
    {
        if (mostBranches == 0)
            return false;
        if ((traits & OperationTraits.System) != 0 && isa.AccessesFloatingPointState(instruction, extensions))
            return true;
        if (traits != Branch)
            return false;
        if (IsSkip(instruction, pc))
            return _skips = true;
        return isa.DirectTarget(instruction, pc) > pc + ShortestSkip && _branches++ < mostBranches;
    }

    private bool IsSkip(in Instruction instruction, ulong pc) =>
        isa.DirectTarget(instruction, pc) is var target && target > pc && target <= pc + ShortestSkip;

    private void CutBehindOpenSkip()
    {
        for (var i = 0; i < _count - 1; i++)
        {
            ref var branch = ref _instructions[i];
            if (isa.TraitsOf(branch.Instruction.Operation) != Branch || !IsSkip(branch.Instruction, branch.Pc) ||
                Reaches(isa.DirectTarget(branch.Instruction, branch.Pc), i + 1))
            {
                continue;
            }
            _count = i + 1;
            _length = (int)(_instructions[_count].Pc - Start);
        }
    }

    private bool Reaches(ulong target, int from)
    {
        while (from < _count && _instructions[from].Pc < target)
            from++;
        return from < _count && _instructions[from].Pc == target;
    }
}
