using Dbt.Isa;

namespace Dbt.Translator.Tests.Toy;

/// <summary>
/// A guest of a dozen operations, written by hand: shows that nothing in the engines assumes RISC-V, and what the contract asks of an
/// interpreter. Encoding: operation * 2, a &lt;&lt; 4 | b, 16-bit immediate; an odd first byte is a 2-byte nop.
/// </summary>
internal sealed unsafe class ToyIsa : GuestIsa
{
    /// <summary>Immediates of <see cref="ToyOperation.System"/> with which it goes wrong: by an exception of its own, by a null pointer.</summary>
    public const short ThrowsOwn = 1, ThrowsNull = 2;

    private static readonly OperationInfo?[] s_operations = [.. Enumerable.Range(0, (int)ToyOperation.Nop + 1).Select(Info)];

    public static ToyIsa Instance { get; } = new();

    public override string Name => "toy";

    public override int WordBits => 64;

    public override int StateSize => sizeof(ToyState);

    public override IReadOnlyList<OperationInfo?> Operations => s_operations;

    public override IReadOnlyList<ExtensionInfo> Extensions => [];

    public override IReadOnlyList<RegisterFileInfo> RegisterFiles { get; } =
        [new("r", 16, 64, sizeof(HartHeader), 8, 0, [.. Enumerable.Range(0, 16).Select(i => $"r{i}")])];

    public override IReadOnlyList<CsrInfo> Csrs => [];

    public override ExtensionSet DefaultExtensions => default;

    public override string Fingerprint => "toy";

    public override string ReferencePage => "";

    public override int InstructionAlignment(ExtensionSet extensions) => 2;

    public override int LengthOf(ushort firstBits) => (firstBits & 1) != 0 ? 2 : 4;

    public override bool TryDecode(uint bits, ExtensionSet extensions, out Instruction instruction)
    {
        var operation = (bits & 1) != 0 ? (ushort)ToyOperation.Nop : (ushort)(bits >> 1 & 0x7f);
        var legal = operation is >= EngineOperation.FirstGuestOperation and <= (ushort)ToyOperation.Nop;
        instruction = new Instruction
        {
            Operation = legal ? operation : EngineOperation.Illegal,
            Length = (byte)LengthOf((ushort)bits),
            A = (byte)(bits >> 12 & 15),
            B = (byte)(bits >> 8 & 15),
            Immediate = (short)(bits >> 16),
        };
        return legal;
    }

    public override bool TryEncode(in Instruction instruction, out uint bits)
    {
        bits = instruction.Operation == (ushort)ToyOperation.Nop
            ? 1
            : (uint)instruction.Operation << 1 | (uint)instruction.A << 12 | (uint)instruction.B << 8 | (uint)instruction.Immediate << 16;
        return true;
    }

    public override Instruction Expand(in Instruction instruction) => instruction;

    public override ulong DirectTarget(in Instruction instruction, ulong pc) => 0;

    public override string Disassemble(in Instruction instruction, ulong pc, DisassemblyStyle style = DisassemblyStyle.Default) =>
        $"{(ToyOperation)instruction.Operation}\t{instruction.A}, {instruction.B}, {instruction.Immediate}";

    public override void Interpret(HartHeader* state)
    {
        PredecodedInstruction* next = null;
        for (; ; )
        {
            if (next == null)
            {
                var entry = state->JumpCache + (state->Pc >> 1 & JumpCacheEntry.Count - 1);
                if (entry->Pc != state->Pc)
                {
                    state->Exit = ExitReason.TranslationMiss;
                    return;
                }
                next = (PredecodedInstruction*)entry->Target;
            }
            switch (next->Instruction.Operation)
            {
                case EngineOperation.BlockStart:
                    if (state->Budget < next->Instruction.Immediate)
                    {
                        state->Pc = next->Pc;
                        state->Exit = ExitReason.Budget;
                        return;
                    }
                    if (--((BlockHead*)next)->Countdown == 0)
                    {
                        state->Pc = next->Pc;
                        state->Exit = ExitReason.TranslationMiss;
                        return;
                    }
                    state->Budget -= next->Instruction.Immediate;
                    next++;
                    break;
                case EngineOperation.BlockEnd:
                    state->Pc = next->Pc;
                    next = null;
                    break;
                default:
                    state->Current = next;
                    state->Pc = next->Pc;
                    if (!Step(state, next->Instruction))
                        return;
                    next = state->Pc == next->Pc + next->Instruction.Length && !EndsBlock(next->Instruction) ? next + 1 : null;
                    break;
            }
        }
    }

    public override bool Step(HartHeader* state, in Instruction instruction)
    {
        var r = ((ToyState*)state)->R;
        var a = r[instruction.A];
        var b = r[instruction.B];
        var address = b + (ulong)instruction.Immediate;
        var next = state->Pc + instruction.Length;
        switch ((ToyOperation)instruction.Operation)
        {
            case ToyOperation.AddImmediate:
                Write(r, instruction.A, address);
                break;
            case ToyOperation.MultiplyAdd:
                Write(r, instruction.A, a + b * (ulong)instruction.Immediate);
                break;
            case ToyOperation.BranchNotEqual:
                if (a != b)
                    next = state->Pc + (ulong)instruction.Immediate;
                break;
            case ToyOperation.Load:
                if (address >= state->MemoryLimit)
                    return Fault(state, address, AccessKind.Read);
                Write(r, instruction.A, Volatile.Read(ref *(ulong*)(state->Memory + address)));
                break;
            case ToyOperation.Store:
                if (address >= state->MemoryLimit)
                    return Fault(state, address, AccessKind.Write);
                Volatile.Write(ref *(ulong*)(state->Memory + address), a);
                break;
            case ToyOperation.JumpRegister:
                Write(r, instruction.B, next);
                next = a + (ulong)instruction.Immediate;
                break;
            case ToyOperation.FetchAdd:
                if ((b & 7) != 0)
                    return Exit(state, ExitReason.MisalignedAccess, b, AccessKind.Write);
                if (b >= state->MemoryLimit)
                    return Fault(state, b, AccessKind.Write);
                Write(r, instruction.A, Interlocked.Add(ref *(ulong*)(state->Memory + b), a) - a);
                break;
            case ToyOperation.Call:
                state->Exit = ExitReason.EnvironmentCall;
                return false;
            case ToyOperation.Fence:
                state->Pc = next;
                state->Exit = ExitReason.InstructionFence;
                return false;
            case ToyOperation.Conditional:
                if (b != 0)
                {
                    Write(r, instruction.A, (ulong)instruction.Immediate);
                    var counter = (int)instruction.Immediate & 15;
                    Write(r, counter, r[counter] + 1);
                }
                break;
            case ToyOperation.System when instruction.Immediate == ThrowsOwn:
                throw new InvalidOperationException("thrown by the guest's semantics");
            case ToyOperation.System when instruction.Immediate == ThrowsNull:
                return ((string?)null)!.Length != 0;
            case ToyOperation.System:
                Write(r, instruction.A, 42);
                break;
            case ToyOperation.Nop:
                break;
            default:
                state->Exit = ExitReason.IllegalInstruction;
                return false;
        }
        state->Pc = next;
        return true;
    }

    private static bool EndsBlock(in Instruction instruction) => (s_operations[instruction.Operation]!.Traits & OperationTraits.EndsBlock) != 0;

    private static void Write(ulong* r, int index, ulong value)
    {
        if (index != 0)
            r[index] = value;
    }

    private static bool Fault(HartHeader* state, ulong address, AccessKind access) => Exit(state, ExitReason.MemoryFault, address, access);

    private static bool Exit(HartHeader* state, ExitReason reason, ulong address, AccessKind access)
    {
        state->Exit = reason;
        state->FaultAddress = address;
        state->FaultAccess = access;
        return false;
    }

    private static OperationInfo? Info(int number)
    {
        var operation = (ToyOperation)number;
        return number < EngineOperation.FirstGuestOperation
            ? null
            : new OperationInfo(operation.ToString(), "Toy", 0, 0, 0, 4, [], operation switch
            {
                ToyOperation.BranchNotEqual => OperationTraits.EndsBlock | OperationTraits.DirectJump | OperationTraits.Conditional,
                ToyOperation.Load => OperationTraits.Loads,
                ToyOperation.Store => OperationTraits.Stores,
                ToyOperation.JumpRegister => OperationTraits.EndsBlock | OperationTraits.IndirectJump,
                ToyOperation.FetchAdd => OperationTraits.Atomic,
                ToyOperation.Call or ToyOperation.Fence => OperationTraits.EndsBlock | OperationTraits.Traps,
                ToyOperation.System => OperationTraits.System,
                _ => OperationTraits.None,
            }, "", "");
    }
}
