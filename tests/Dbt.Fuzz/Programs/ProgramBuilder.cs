using Dbt.Isa;

namespace Dbt.Fuzz.Programs;

/// <summary>Writes one random program, step by step. Branches lead forward, loops are counted, so that every program ends.</summary>
internal sealed class ProgramBuilder
{
    private const int Attempts = 40;
    private const int MaximumDepth = 2;

    private readonly OperationCatalog _catalog;
    private readonly RandomSource _random;
    private readonly ProgramStyle _style;
    private readonly OperandPicker _operands;
    private readonly IReadOnlyList<CatalogEntry> _operations;
    private readonly List<Step> _steps = [];
    private readonly HashSet<long> _reserved = [Layout.BaseRegister];

    // Branches of this block whose target is not chosen yet.
    private List<Step> _pending = [];
    private int _group;

    public ProgramBuilder(OperationCatalog catalog, RandomSource random, ProgramStyle style)
    {
        _catalog = catalog;
        _random = random;
        _style = style;
        _operands = new OperandPicker(catalog.Isa, random, style);
        _operations = catalog.For(style);
        // Few operations again and again depend on each other in more ways.
        if (random.OneIn(4))
            _operations = Enumerable.Range(0, random.Below(12) + 3).Select(_ => random.Pick(catalog.For(style))).ToArray();
    }

    public IReadOnlyList<Step> Build()
    {
        AddBlock(_random.OneIn(8) ? 60 + _random.Below(100) : 4 + _random.Below(44), depth: 0);
        return _steps;
    }

    private void AddBlock(int items, int depth)
    {
        var outer = _pending;
        _pending = [];
        for (; items > 0; items--)
        {
            AddItem(depth);
            if (_random.OneIn(3))
                ResolvePending();
        }
        ResolvePending();
        _pending = outer;
    }

    private void ResolvePending()
    {
        foreach (var step in _pending)
            step.Target = _steps.Count;
        _pending.Clear();
    }

    private void AddItem(int depth)
    {
        _group++;
        var choice = _random.Below(100);
        if (choice < 3 && depth < MaximumDepth)
            AddLoop(depth);
        else if (choice < 5 && depth < MaximumDepth)
            AddCall(depth);
        else if (choice < 7)
            AddReservationPair();
        else if (choice < 9)
            AddRoundingMode();
        else if (choice < 10)
            AddWrittenCode();
        else if (choice < 11 && _style != ProgramStyle.Portable)
            AddCounter();
        else if (choice < 14)
            AddConstant();
        else if (choice < 17 && _style == ProgramStyle.Wild)
            AddSlide();
        else
            AddOperation(_random.Pick(_operations));
    }

    private void AddOperation(CatalogEntry entry)
    {
        // Ending the program must stay rare, or nothing else is reached.
        if (entry.Kind == OperationKind.Call && !_random.OneIn(8))
            return;
        for (var i = 0; i < Attempts; i++)
            if (TryCompose(entry, out var instruction) && TryAdd(entry, instruction))
                return;
    }

    private bool TryAdd(CatalogEntry entry, Instruction instruction)
    {
        switch (entry.Kind)
        {
            case OperationKind.Branch:
                AddPending(new Step(instruction, _group));
                return true;
            case OperationKind.IndirectJump:
                return TryAddIndirectJump(instruction);
            case OperationKind.Access:
                return TryAddAccess(entry, instruction);
            case OperationKind.SystemRegister:
                AddSystemRegister(entry, instruction);
                return true;
            default:
                Add(instruction);
                return true;
        }
    }

    // A random instruction that is encoded as what it is and leaves the frame's registers alone.
    private bool TryCompose(CatalogEntry entry, out Instruction instruction)
    {
        instruction = new Instruction { Operation = entry.Number, Length = (byte)entry.Info.Length };
        foreach (var operand in entry.Info.Operands)
            instruction[operand.Slot] = _operands.Pick(operand);
        var isa = _catalog.Isa;
        return isa.TryEncode(instruction, out var bits)
            && isa.TryDecode(bits, _catalog.Extensions, out instruction)
            && instruction.Operation == entry.Number
            && !_reserved.Contains(Operands.Find(entry.Base, isa.Expand(instruction), "rd", "x") ?? 0);
    }

    private void AddLoop(int depth)
    {
        var group = _group;
        var counter = FreeRegister();
        _steps.Add(new Step(_catalog.Build("addi", ("rd", counter), ("immI", 1 + _random.Below(4))), group));
        var start = _steps.Count;
        _reserved.Add(counter);
        AddBlock(1 + _random.Below(10), depth + 1);
        _reserved.Remove(counter);
        _steps.Add(new Step(_catalog.Build("addi", ("rd", counter), ("rs1", counter), ("immI", -1)), group));
        _steps.Add(new Step(_catalog.Build("bne", ("rs1", counter)), group) { Target = start });
    }

    // A function, a jump around it, and a call.
    private void AddCall(int depth)
    {
        var group = _group;
        var link = FreeRegister();
        var around = new Step(_catalog.Build("jal"), group);
        _steps.Add(around);
        var start = _steps.Count;
        _reserved.Add(link);
        AddBlock(1 + _random.Below(8), depth + 1);
        _reserved.Remove(link);
        _steps.Add(new Step(_catalog.Build("jalr", ("rs1", link)), group));
        around.Target = _steps.Count;
        if (_random.OneIn(2))
        {
            _steps.Add(new Step(_catalog.Build("jal", ("rd", link)), group) { Target = start });
            return;
        }
        var through = FreeRegister();
        AddAddress(through, group, start, addend: 0);
        _steps.Add(new Step(_catalog.Build("jalr", ("rd", link), ("rs1", through)), group));
    }

    // An instruction and a return are stored into the slot, fenced, and called: again and again in a loop, over what was there before.
    private void AddWrittenCode()
    {
        var link = FreeRegister();
        _reserved.Add(link);
        var entry = _random.Pick(_operations);
        var composed = TryCompose(entry, out var instruction) && entry.Kind == OperationKind.Plain && instruction.Length == sizeof(uint);
        _reserved.Remove(link);
        if (!composed)
            return;
        var place = Layout.Written + 4 * _random.Below(Layout.WrittenLength - 1);
        var register = FreeRegister();
        AddStoredWord(register, instruction, place);
        AddStoredWord(register, _catalog.Build("jalr", ("rs1", link)), place + 4);
        Add(_catalog.Build("fence.i"));
        Add(_catalog.Build("addi", ("rd", register), ("rs1", Layout.BaseRegister), ("immI", place)));
        Add(_catalog.Build("jalr", ("rd", link), ("rs1", register)));
    }

    private void AddStoredWord(long register, in Instruction instruction, int place)
    {
        _catalog.Isa.TryEncode(instruction, out var bits);
        AddWord(register, bits);
        Add(_catalog.Build("sw", ("rs2", register), ("rs1", Layout.BaseRegister), ("immS", place)));
    }

    // What a compiler may see as a constant: an integer, or a float moved on at once.
    private void AddConstant()
    {
        var register = FreeRegister();
        var isFloat = _random.OneIn(2);
        AddWord(register, isFloat ? Values.Single(_random) : (uint)Values.Integer(_random));
        if (isFloat)
            Add(_catalog.Build("fmv.w.x", ("fd", _random.Below(32)), ("rs1", register)));
    }

    // 32 bits to a register, sign-extended where upper and lower part do not overflow.
    private void AddWord(long register, uint bits)
    {
        var upper = (int)bits + 0x800 & ~0xFFF;
        Add(_catalog.Build("lui", ("rd", register), ("immU", upper)));
        Add(_catalog.Build("addi", ("rd", register), ("rs1", register), ("immI", (int)bits - upper)));
    }

    private bool TryAddIndirectJump(Instruction instruction)
    {
        var jump = _catalog.Isa.Expand(instruction);
        var info = _catalog.Isa.Operations[jump.Operation]!;
        var through = Operands.Find(info, jump, "rs1") ?? 0;
        if (through == 0 || _reserved.Contains(through))
            return false;
        if (_style == ProgramStyle.Wild && _random.OneIn(8))
        {
            // Where nothing may be executed.
            AddWord(through, (uint)_random.Pick([Layout.Edges, Layout.EdgesEnd, Layout.MemoryEnd, 0UL, 0x7FFF_F000UL]) + (uint)_random.Below(4096));
            Add(instruction);
            return true;
        }
        AddAddress(through, _group, target: -1, addend: -jump.Immediate);
        Add(instruction);
        return true;
    }

    // A place in the program to a register; where it is not known yet, it is pending.
    private void AddAddress(long register, int group, int target, long addend)
    {
        var upper = new Step(_catalog.Build("auipc", ("rd", register)), group) { Target = target, Distance = Distance.Upper, Addend = addend };
        var lower = new Step(_catalog.Build("addi", ("rd", register), ("rs1", register)), group) { Target = target, Distance = Distance.Lower, Addend = addend };
        _steps.Add(upper);
        _steps.Add(lower);
        if (target < 0)
            _pending.AddRange([upper, lower]);
    }

    private bool TryAddAccess(CatalogEntry entry, Instruction instruction)
    {
        var access = _catalog.Isa.Expand(instruction);
        var register = Operands.Find(entry.Base, access, "rs1") ?? 0;
        var offset = access.Immediate;
        var isAtomic = entry.Base.Traits.HasFlag(OperationTraits.Atomic);
        if (_style == ProgramStyle.Portable && OperationCatalog.IsReservation(entry.Base))
        {
            AddReservationPair();
            return true;
        }
        if (_style == ProgramStyle.Faulting && _random.OneIn(20))
        {
            if (_random.OneIn(2) && !_reserved.Contains(register))
                AddEdgeAddress(register);
            Add(instruction);
            return true;
        }
        if (_style == ProgramStyle.Wild && _random.OneIn(4))
        {
            if (!_random.OneIn(8) && register != 0 && !_reserved.Contains(register))
                AddWord(register, (uint)(AnyEdge(isAtomic && !_random.OneIn(3)) - (ulong)offset));
            Add(instruction);
            return true;
        }
        if (register == Layout.BaseRegister)
        {
            if (!InReach(offset) || isAtomic && offset % 8 != 0)
                return false;
            Add(instruction);
            return true;
        }
        if (register == 0 || _reserved.Contains(register) || !TryAddAccessAddress(register, offset, isAtomic))
            return false;
        Add(instruction);
        return true;
    }

    // Makes register + offset an address in the program's memory: a fixed one, or one that depends on data.
    private bool TryAddAccessAddress(long register, long offset, bool isAtomic)
    {
        var aligned = isAtomic && !(_style >= ProgramStyle.Faulting && _random.OneIn(10));
        if (_random.OneIn(3) && offset is >= -256 and <= 240)
        {
            Add(_catalog.Build("andi", ("rd", register), ("rs1", _random.Below(32)), ("immI", aligned ? 0xF8 : 0xFF)));
            Add(_catalog.Build("add", ("rd", register), ("rs1", register), ("rs2", Layout.BaseRegister)));
            return true;
        }
        // Often around the middle, where a page may end.
        var target = _random.OneIn(3) ? _random.Between(-16, 16) : _random.Between(-Layout.Reach, Layout.Reach - 16);
        if (aligned || _random.OneIn(2))
            target &= -8;
        if (target - offset is < -2048 or > 2047)
            return false;
        Add(_catalog.Build("addi", ("rd", register), ("rs1", Layout.BaseRegister), ("immI", target - offset)));
        return true;
    }

    // Where mappings and the window end.
    private void AddEdgeAddress(long register)
    {
        if (register == 0)
            return;
        var edge = _random.Pick([Layout.Code, Layout.Data, Layout.MemoryEnd, 0UL, 0x7FFF_F000UL]);
        Add(_catalog.Build("lui", ("rd", register), ("immU", (long)edge)));
        Add(_catalog.Build("addi", ("rd", register), ("rs1", register), ("immI", _random.Between(-12, 12))));
    }

    private ulong AnyEdge(bool isAligned)
    {
        var edge = _random.Pick([
            Layout.Code, Layout.Data, Layout.Edges, Layout.Edges + Layout.Page, Layout.Edges + 2 * Layout.Page, Layout.Edges + 3 * Layout.Page,
            Layout.EdgesEnd, Layout.MemoryEnd, 0UL, 0x7FFF_F000UL]);
        return edge + (ulong)(isAligned ? 8 * _random.Between(-2, 2) : _random.Between(-12, 12));
    }

    // Accesses by a register that moves by constants over an end: engines may compare its first value only.
    private void AddSlide()
    {
        var register = FreeRegister();
        var group = _group;
        var step = _random.Between(-2047, 2047);
        AddWord(register, (uint)(AnyEdge(isAligned: true) - (ulong)(step * _random.Below(20))));
        _reserved.Add(register);
        for (var i = 1 + _random.Below(24); i > 0; i--)
        {
            var entry = _random.Pick(_catalog.Accesses);
            if (TryCompose(entry, out var instruction) && entry.Info.Operands.FirstOrDefault(operand => operand.Field == "rs1") is { } operand)
            {
                instruction[operand.Slot] = register;
                _steps.Add(new Step(instruction, _random.OneIn(2) ? group : ++_group));
            }
            Add(_catalog.Build("addi", ("rd", register), ("rs1", register), ("immI", step)));
        }
        _reserved.Remove(register);
    }

    private static bool InReach(long offset) => offset is >= -Layout.Reach and <= Layout.Reach - 16;

    private void AddReservationPair()
    {
        // Both of one width: their encodings differ in nothing else.
        var load = _random.Pick(_catalog.Reservations.Where(entry => !OperationCatalog.IsConditionalStore(entry.Base)).ToArray());
        var width = load.Info.Mnemonic[2..];
        var store = _catalog.Reservations.First(entry => OperationCatalog.IsConditionalStore(entry.Base) && entry.Info.Mnemonic.EndsWith(width, StringComparison.Ordinal));
        var address = FreeRegister();
        if (!TryCompose(load, out var first) || !TryCompose(store, out var second) || !TryAddAccessAddress(address, 0, isAtomic: true))
            return;
        first[load.Info.Operands.First(operand => operand.Field == "rs1").Slot] = address;
        second[store.Info.Operands.First(operand => operand.Field == "rs1").Slot] = address;
        // The address must survive until the store.
        if (Operands.Find(load.Info, first, "rd") == address)
            first[load.Info.Operands.First(operand => operand.Field == "rd").Slot] = 0;
        Add(first);
        // Now and then it is another address, where the store must fail.
        if (_random.OneIn(6))
            Add(_catalog.Build("addi", ("rd", address), ("rs1", address), ("immI", 8)));
        for (var i = _random.Below(3); i > 0; i--)
            AddBetween(address);
        Add(second);
    }

    // Something that disturbs neither the address nor the reservation.
    private void AddBetween(long address)
    {
        var entry = _random.Pick(_operations);
        _reserved.Add(address);
        if (entry.Kind == OperationKind.Plain && TryCompose(entry, out var instruction))
            Add(instruction);
        _reserved.Remove(address);
    }

    private void AddSystemRegister(CatalogEntry entry, Instruction instruction)
    {
        Add(instruction);
        // What was written may be no rounding mode.
        if (_style < ProgramStyle.Faulting || !_random.OneIn(6))
            AddRoundingMode();
    }

    private void AddRoundingMode()
    {
        if (_operands.RoundingRegister is { } number)
            Add(_catalog.Build("csrrwi", ("csr", number), ("uimm", _random.OneIn(2) ? 0 : _random.Below(5))));
    }

    private void AddCounter()
    {
        if (_operands.RetiredCounter is { } number)
            Add(_catalog.Build("csrrs", ("rd", FreeRegister()), ("csr", number)));
    }

    private long FreeRegister()
    {
        for (; ; )
        {
            var register = 1L + _random.Below(31);
            if (!_reserved.Contains(register))
                return register;
        }
    }

    private void Add(Instruction instruction) => _steps.Add(new Step(instruction, _group));

    private void AddPending(Step step)
    {
        _steps.Add(step);
        _pending.Add(step);
    }
}
