namespace Dbt.Isa;

/// <summary>
/// One guest instruction set at one register width, e.g. rv64: everything an engine needs to know of it.
/// The only implementations are generated from isa-specs. Immutable, safe from any thread.
/// </summary>
public abstract unsafe class GuestIsa
{
    /// <summary>Name of the variant, e.g. <c>rv64</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Bits in a general-purpose register and in an address.</summary>
    public abstract int WordBits { get; }

    /// <summary>Size in bytes of the hart's state, the <see cref="HartHeader"/> included.</summary>
    public abstract int StateSize { get; }

    /// <summary>Alignment in bytes that every instruction has when these extensions are on (2 or 4 for RISC-V).</summary>
    public abstract int InstructionAlignment(ExtensionSet extensions);

    /// <summary>Every operation by its number; the first <see cref="EngineOperation.FirstGuestOperation"/> are null.</summary>
    public abstract IReadOnlyList<OperationInfo?> Operations { get; }

    /// <summary>What an operation can do, without making <see cref="Operations"/>: for engines, which ask on their way to the first instruction.</summary>
    public virtual OperationTraits TraitsOf(ushort operation) => Operations[operation]?.Traits ?? OperationTraits.None;

    /// <summary>
    /// Whether an instruction accesses a system register, and that is nothing but floating-point state of the hart
    /// (<see cref="HartHeader.FpFlags"/>, <see cref="HartHeader.FpRounding"/>), and exists when these extensions are on.
    /// </summary>
    public virtual bool AccessesFloatingPointState(in Instruction instruction, ExtensionSet extensions) => false;

    /// <summary>Every extension in the specs, drafts included, by index.</summary>
    public abstract IReadOnlyList<ExtensionInfo> Extensions { get; }

    /// <summary>Register files, general-purpose registers first.</summary>
    public abstract IReadOnlyList<RegisterFileInfo> RegisterFiles { get; }

    /// <summary>Control and status registers.</summary>
    public abstract IReadOnlyList<CsrInfo> Csrs { get; }

    /// <summary>Those registers that extensions bring.</summary>
    public IEnumerable<CsrInfo> CsrsOf(ExtensionSet extensions) =>
        Csrs.Where(csr => extensions.Contains(Extensions.First(extension => extension.Name == csr.Extension).Index));

    /// <summary>Extensions that are on when nobody says otherwise: every ratified one.</summary>
    public abstract ExtensionSet DefaultExtensions { get; }

    /// <summary>Extensions that are on in a machine when nobody says otherwise: the default ones, and what user mode has not.</summary>
    public virtual ExtensionSet SystemExtensions => DefaultExtensions;

    /// <summary>The part of a hart's state that is for system mode; null when the guest has none.</summary>
    public virtual Systems.SystemHeader* SystemOf(HartHeader* state) => null;

    /// <summary>A fingerprint of the specs and the generator: whatever is persisted is keyed by it.</summary>
    public abstract string Fingerprint { get; }

    /// <summary>The reference page of all extensions, in Markdown.</summary>
    public abstract string ReferencePage { get; }

    /// <summary>Length in bytes of the instruction that opens with these 16 bits.</summary>
    public abstract int LengthOf(ushort firstBits);

    /// <summary>
    /// Decodes one instruction; for a 2-byte one the upper bits are ignored. Never throws.
    /// Returns false, and an instruction with operation <see cref="EngineOperation.Illegal"/> and the right length, when the bits mean nothing.
    /// </summary>
    public abstract bool TryDecode(uint bits, ExtensionSet extensions, out Instruction instruction);

    /// <summary>Packs an instruction into bits; false when an operand does not fit. The inverse of <see cref="TryDecode"/>.</summary>
    public abstract bool TryEncode(in Instruction instruction, out uint bits);

    /// <summary>The base instruction that a compressed form stands for (its Length stays that of the form); any other instruction unchanged.</summary>
    public abstract Instruction Expand(in Instruction instruction);

    /// <summary>Replaces a compressed form by what <see cref="Expand"/> gives.</summary>
    public virtual void ExpandInPlace(ref Instruction instruction) => instruction = Expand(instruction);

    /// <summary>The target of a direct jump at <paramref name="pc"/>; 0 when the operation has none.</summary>
    public abstract ulong DirectTarget(in Instruction instruction, ulong pc);

    /// <summary>Text of an instruction at <paramref name="pc"/>: mnemonic, a tab, operands, as binutils prints it.</summary>
    public abstract string Disassemble(in Instruction instruction, ulong pc, DisassemblyStyle style = DisassemblyStyle.Default);

    /// <summary>
    /// Interprets predecoded blocks from <c>state->Pc</c>, found through the jump cache, until something makes it return;
    /// the reason is left in <c>state->Exit</c>. A host fault surfaces as NullReferenceException, with <c>state->Current</c> at the culprit.
    /// </summary>
    public abstract void Interpret(HartHeader* state);

    /// <summary>
    /// Executes one instruction at <c>state->Pc</c> and returns true when it completed and execution goes on at the new <c>state->Pc</c>,
    /// false when it exited (reason in <c>state->Exit</c>). Takes nothing off the budget.
    /// </summary>
    public abstract bool Step(HartHeader* state, in Instruction instruction);
}
