using Dbt.Isa;
using Dbt.Translator.Cache;
using Dbt.Translator.Explaining;
using Dbt.Translator.HostCode;
using Dbt.Translator.HostCode.X64;
using Dbt.Translator.Semantics;

namespace Dbt.Translator.Baseline;

/// <summary>
/// Compiles predecoded blocks to x86-64 code in one pass. The guest's hot registers live in host registers in all translated code,
/// see <see cref="X64RegisterMap"/>; constants written to guest registers stay pending until something needs them in place.
/// See translator/notes/0003-baseline-compiler.md.
/// </summary>
/// <remarks>
/// Parts: this one opens and closes blocks and instructions; Statements; Evaluation (values to registers); Memory; Cold (exits);
/// Registers (where guest registers are besides their homes).
/// </remarks>
internal sealed unsafe partial class X64BlockCompiler
{
    /// <summary>Room that must be there for a block of so many instructions: more than was ever seen.</summary>
    public static int RoomFor(int instructions) => 2048 + 512 * instructions;

    // More of them would make cold exits long.
    private const int MostPending = 6;

    private readonly GuestLifter _lifter;
    private readonly X64RegisterMap _map;
    private readonly X64Assembler _asm;
    private readonly X64Stubs _stubs;
    private readonly HostFeatures _features;
    private readonly bool _trusted;
    private readonly bool _counts;
    private readonly bool _locks;
    private readonly long[] _constants = new long[X64RegisterMap.MaximumRegisters];
    private readonly int[] _drift = new int[X64RegisterMap.MaximumRegisters];
    private readonly ReusedList<OldConstant> _undo = new();
    private readonly int _zero;
    private readonly X64Memory _budget;
    private readonly X64Memory _memoryLimit;
    private BaselineBlock _block = null!;
    private Arena _arena = null!;
    private ulong _limit;
    private int _index;
    private X64Label _start;

    // Guest registers with a constant that is not in place, and those whose value is known to be inside of the guest's window, but for _drift.
    private uint _pending;
    private uint _checked;

    // What to go back to when the instruction has no pattern.
    private int _mark;
    private uint _markPending;
    private int _markCold;
    private int _markJoins;
    private int _markSites;
    private uint _markOpen;
    private bool _declined;
    private bool _isOpen;
    private bool _ended;

    /// <summary>A compiler that writes to an assembler.</summary>
    /// <param name="lifter">The guest's semantics.</param>
    /// <param name="extensions">Extensions that are on in all harts.</param>
    /// <param name="map">Where guest registers are.</param>
    /// <param name="assembler">Where to.</param>
    /// <param name="stubs">What blocks share.</param>
    /// <param name="features">Instructions that may be used.</param>
    /// <param name="trusted">The guest's addresses are not compared with the end of its window.</param>
    /// <param name="counts">Instructions are taken off the budget; otherwise code polls where the guest could loop.</param>
    /// <param name="locks">Atomic operations are so for all threads; otherwise for the one that executes them.</param>
    /// <param name="system">Code is for system mode.</param>
    public X64BlockCompiler(
        GuestLifter lifter, ExtensionSet extensions, X64RegisterMap map, X64Assembler assembler, X64Stubs stubs, HostFeatures features, bool trusted,
        bool counts, bool locks, bool system)
    {
        _lifter = lifter;
        Extensions = extensions;
        _map = map;
        _asm = assembler;
        _stubs = stubs;
        _features = features;
        _trusted = trusted;
        _counts = counts;
        _locks = locks;
        _system = system;
        _budget = map.Field(X64RegisterMap.Budget);
        _memoryLimit = map.Field(X64RegisterMap.MemoryLimit);
        _zero = lifter.Isa.RegisterFiles[0].ZeroRegister;
    }

    /// <summary>Extensions that are on where the next block is executed.</summary>
    public ExtensionSet Extensions { get; set; }

    /// <summary>The expressions of the instruction that is being compiled.</summary>
    public ExpressionPool Expressions { get; } = new();

    /// <summary>Gets notes on what is written; null when nobody reads it.</summary>
    public CodeNotes? Notes { get; set; }

    /// <summary>Compiles a block to where the assembler is, which has <see cref="RoomFor"/> it.</summary>
    /// <param name="block">The block; gets its entry, its links and its faulting accesses.</param>
    /// <param name="arena">Memory for what lives as long as the block.</param>
    /// <param name="limit">The <see cref="HartHeader.MemoryLimit"/> of all harts that run it.</param>
    public void Compile(BaselineBlock block, Arena arena, ulong limit)
    {
        _block = block;
        _arena = arena;
        _limit = limit;
        var entry = _asm.Address;
        var mark = _asm.Length;
        _exchanges.Clear();
        _bases.Clear();
        _written = 0;
        EmitHot();
        if (_isLoop && ChooseExchanges() | ChooseBases())
        {
            _asm.Rewind(mark);
            EmitHot();
        }
        EmitCold();
        block.SetCode(entry, (int)(_asm.Address - entry), _links, CopySites(), _exchanges.Count == 0 ? [] : [.. _exchanges]);
        if (_exchanges.Count > 0)
            _map.Reset();
    }

    private void EmitHot()
    {
        _index = -1;
        _pending = _walked = _open = 0;
        _flagsAt = -1;
        _derived = ~0u;
        ForgetFacts();
        _ended = _isOpen = _isLoop = false;
        _coldCount = _joinCount = 0;
        _toTop = default;
        _sites.Clear();
        _depth = 0;
        _links = null;
        _start = default;
        _pendingLogLength = 0;
        _pendingRecord = -1;
        Array.Clear(_uses);
        Notes?.Clear();
        if (_counts || _exchanges.Count + _bases.Count > 0)
            Notes?.Mark(CodePartKind.Entry, -1, _asm.Address);
        MakeExchanges();
        CheckBases();
        _asm.Bind(ref _start);
        if (_counts)
        {
            _asm.Sub(X64Size.Qword, _budget, _block.TraceLength);
            _budgetCold = _coldCount;
            _asm.Jcc(X64Condition.Sign, ref AddCold(ColdKind.Budget).Label);
        }
        var builder = new X64Builder(this);
        _lifter.Lift(_block.Trace + 1, _block.TraceLength, ref builder);
        EndInstruction();
        if (!_ended)
        {
            _index = -1; // belongs to no instruction
            Notes?.Mark(CodePartKind.FallThrough, _index, _asm.Address);
            LeaveTo(_block.End);
        }
    }

    private ref PredecodedInstruction Current => ref _block.Trace[1 + _index];

    /// <summary>Opens the next instruction; false when the block was left on every path.</summary>
    public bool Begin(in PredecodedInstruction instruction)
    {
        EndInstruction();
        if (!BindJoins(instruction.Pc))
            return false;
        _isOpen = true;
        _index++;
        Notes?.Mark(CodePartKind.Instruction, _index, _asm.Address);
        Expressions.Clear();
        _localCount = 0;
        _undo.Clear();
        _openLoad = -1;
        _openCondition = -1;
        _busy = _pinned = 0;
        _mark = _asm.Length;
        _markPending = _pending;
        _markOpen = _open;
        _markCold = _coldCount;
        _markJoins = _joinCount;
        _markSites = _sites.Count;
        _declined = false;
        if (JumpsBack())
            Poll(_index);
        return true;
    }

    /// <summary>The instruction has no pattern: what was written for it is taken back, the interpreter executes it.</summary>
    public void Decline() => _declined = true;

    private void EndInstruction()
    {
        if (!_isOpen)
            return;
        _isOpen = false;
        if (!_declined && _openLoad < 0 && _markCold == _coldCount)
            return;
        if (!_declined)
        {
            ForceLoad();
            for (var i = _markCold; i < _coldCount; i++)
            {
                if (_cold[i].Back == null)
                {
                    _cold[i].Back = _asm.Address;
                    _flagsAt = -1;
                }
                if (_cold[i].Kind == ColdKind.Miss)
                    _cold[i].Copies = ((sbyte)_copies[0], (sbyte)_copies[1], (sbyte)_copies[2]);
                else if (_cold[i].Kind == ColdKind.StepAndReturn)
                    ForgetCopies();
            }
            return;
        }
        _asm.Rewind(_mark);
        Notes?.Correct(CodePartKind.Interpreted);
        _depth = 0;
        for (var i = _undo.Count - 1; i >= 0; i--)
            _constants[_undo[i].Register] = _undo[i].Value;
        _pending = _markPending;
        _open = _markOpen;
        _flagsAt = -1;
        _coldCount = _markCold;
        _joinCount = _markJoins;
        _sites.Count = _markSites;
        _pendingRecord = -1;
        _openCondition = _openLoad = -1;
        _ended = false;
        FlushPending();
        UndoExchanges(~0u);
        var operation = Current.Instruction.Operation;
        var traits = _lifter.Isa.TraitsOf(operation);
        // In system mode, what it changed is looked at behind it.
        var attends = _system && (traits & (OperationTraits.System | OperationTraits.DirectJump | OperationTraits.IndirectJump)) == OperationTraits.System;
        var leaves = (traits & (OperationTraits.EndsBlock | OperationTraits.System)) != 0 && !attends || operation == EngineOperation.Illegal;
        _asm.Mov(X64Register.Rax, (ulong)(_block.Trace + 1 + _index));
        if (leaves)
            _asm.Jmp(_stubs.StepExit);
        else
            _asm.Call(_stubs.StepCall);
        if (attends)
            LeaveForAttention();
        if (!leaves)
            MakeExchanges();
        _ended = leaves;
        // It may have written any register.
        NoteWrittenSinceJumps(~0u);
        _derived = 0;
        ForgetFacts();
    }

    // What a register's constant was before this instruction wrote it.
    private readonly record struct OldConstant(int Register, long Value);

    // What is known of registers that may have come here on another way.
    private void ForgetFacts()
    {
        _checked = _extended = 0;
        ForgetCopies();
        ForgetFloatFacts();
    }
}
