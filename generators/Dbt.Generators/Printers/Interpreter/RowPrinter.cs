using Dbt.Generators.Semantics;
using Dbt.Generators.Semantics.Tree;
using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Printers.Interpreter;

/// <summary>
/// Prints what one operation does, as a case of the interpreter's loop or as a method of its own (see <see cref="IsOutOfLine"/>).
/// In the loop, exits jump to its labels; in a method, they return false.
/// </summary>
internal sealed class RowPrinter : CSharpExpressions
{
    private readonly IsaModel isa;
    private readonly RowSemantics semantics;
    private readonly CodeWriter writer;
    private readonly bool outOfLine;
    private readonly bool system;
    private readonly bool jumps;
    private int accesses;
    private int reads;

    /// <param name="isa">What all extensions share.</param>
    /// <param name="semantics">What the operation does.</param>
    /// <param name="writer">Where it is printed.</param>
    /// <param name="system">Whether accesses go through the software TLB.</param>
    public RowPrinter(IsaModel isa, RowSemantics semantics, CodeWriter writer, bool system)
        : base(semantics.Row, "i->Instruction", "i->Pc")
    {
        this.isa = isa;
        this.semantics = semantics;
        this.writer = writer;
        this.system = system;
        outOfLine = IsOutOfLine(semantics);
        jumps = semantics.Statements.WithNested().Any(statement => statement is Jump);
    }

    /// <summary>
    /// Whether an operation is a call: it is slow anyway (atomics, system registers, floating point that rounds or raises
    /// exceptions), and would only make the loop larger than the JIT optimizes well.
    /// </summary>
    public static bool IsOutOfLine(RowSemantics semantics) =>
        semantics.Statements.AllExpressions().Any(expression =>
            expression is CsrRead or AtomicUpdate or LoadReserved or StoreConditional
            || expression is Call call && IntrinsicTable.AccruesFlags(call.Intrinsic))
        || semantics.Statements.WithNested().Any(statement => statement is CsrWrite or ZeroBlock or ManageBlock);

    /// <summary>The name of an operation's method.</summary>
    public static string MethodName(RowSemantics semantics, bool system) =>
        semantics.Row.Identifier + (system && AccessesMemory(semantics) ? "System" : "");

    /// <summary>Prints all statements, and how execution goes on.</summary>
    public void Print()
    {
        var rounding = semantics.Statements.AllExpressions().OfType<RoundingMode>().FirstOrDefault();
        if (outOfLine)
            PrintScratch(rounding != null);
        if (rounding != null)
            PrintRounding(rounding.Field);
        PrintAll(semantics.Statements);
        if (ControlFlow.AlwaysLeaves(semantics.Statements))
            return;
        if (outOfLine)
            writer.Line("return true;");
        else if (jumps)
            PrintJump(NextPc);
        else
            writer.Line("break;");
    }

    private string NextPc => semantics.Variant.WordBits == 32 ? "(uint)(i->Pc + i->Instruction.Length)" : "i->Pc + i->Instruction.Length";

    private void PrintScratch(bool rounds)
    {
        foreach (var file in RegisterFilesUsed())
            writer.Line($"var {file} = (long*)(({Names.Of(isa)}State*)state)->{file.ToUpperInvariant()};");
        var isPrivileged = RowTraits.IsPrivileged(semantics) && isa.States.Count > 0;
        if (isPrivileged)
            writer.Line($"var words = ({Names.Of(isa)}State*)state;");
        if (isPrivileged || AccessesMemory(semantics) && system)
            writer.Line($"var system = &(({Names.Of(isa)}State*)state)->System;");
        if (AccessesMemory(semantics) && system)
        {
            writer.Line("var tlb = system->Tlb;");
            if (semantics.Statements.WithNested().Any(statement => statement is Store) || semantics.Statements.AllExpressions().Any(node => node is Load))
                writer.Line("TlbEntry* page;");
            writer.Line("ulong address;");
        }
        else if (AccessesMemory(semantics))
        {
            writer.Line("var memory = state->Memory;");
            writer.Line("var limit = state->MemoryLimit;");
            writer.Line("ulong address;");
        }
        if (rounds)
            writer.Line("uint rounding;");
    }

    /// <summary>Whether an operation is printed in another way for machines.</summary>
    public static bool AccessesMemory(RowSemantics semantics) =>
        semantics.Statements.AllExpressions().Any(node => node is Load or AtomicUpdate or LoadReserved or StoreConditional)
        || semantics.Statements.WithNested().Any(statement => statement is Store or ZeroBlock or ManageBlock);

    private IEnumerable<string> RegisterFilesUsed() =>
        semantics.Statements.AllExpressions().OfType<RegisterRead>().Select(read => read.Field.RegisterFile)
            .Concat(semantics.Statements.WithNested().OfType<WriteRegister>().Select(write => write.Field.RegisterFile))
            .Distinct();

    private void PrintRounding(FieldModel field)
    {
        writer.Line($"rounding = {Slot(field)};");
        if (field.DynamicRounding >= 0)
        {
            writer.Line($"if (rounding == {field.DynamicRounding})");
            writer.Line("    rounding = state->FpRounding;");
        }
        writer.Line("if (rounding > (uint)FloatingPointRounding.NearestAway)");
        PrintExit("IllegalInstruction");
    }

    private void PrintAll(IReadOnlyList<Statement> statements)
    {
        foreach (var statement in statements)
            PrintStatement(statement);
    }

    private void PrintStatement(Statement statement)
    {
        foreach (var expression in statement.Expressions())
            PrintChecks(expression);
        switch (statement)
        {
            case DeclareLocal declare:
                writer.Line($"var {LocalName(declare.Local)} = {Print(declare.Value)};");
                break;
            case WriteRegister write:
                PrintWrite(write);
                break;
            case Store store:
                PrintStore(store);
                break;
            case Evaluate evaluate:
                writer.Line($"_ = {Print(evaluate.Value)};");
                break;
            case If branch:
                writer.Open($"if ({Print(branch.Condition)})");
                PrintAll(branch.Then);
                writer.Close();
                if (branch.Otherwise.Count == 0)
                    break;
                writer.Open("else");
                PrintAll(branch.Otherwise);
                writer.Close();
                break;
            case Jump jump:
                PrintJump(Print(jump.Target));
                break;
            case Trap trap:
                writer.Line($"InterpreterExits.{(trap.Reason is "InstructionFence" or "WaitForInterrupt" ? "AtNext" : "At")}(state, i, ExitReason.{trap.Reason});");
                writer.Line(outOfLine ? "return false;" : "return;");
                break;
            case WriteState write:
                PrintWrite(write, writer);
                break;
            case TranslationFence fence:
                writer.Line($"SystemAccess.FenceTranslations(system, {Print(fence.AnyAddress)}, {Print(fence.Address)}, {Print(fence.AnySpace)}, (ulong)({Print(fence.Space)}));");
                break;
            case ZeroBlock zero:
                PrintZero(zero);
                break;
            case ManageBlock manage when system:
                writer.Line($"address = {Print(manage.Address)};");
                writer.Line("if (!SystemAccess.ManageBlock(state, system, i, address))");
                writer.Line("    return false;");
                break;
            case ManageBlock manage:
                PrintAddress(manage.Address, "WriteFault", 1);
                break;
            case Fence:
                writer.Line("Interlocked.MemoryBarrier();");
                break;
            case CsrWrite write:
                writer.Line($"if (!{Csrs}.TryWrite(state, (int){Slot(write.Csr)}, {Print(write.Value)}))");
                PrintExit("IllegalInstruction");
                break;
            default:
                throw new InvalidOperationException($"No C# for {statement.GetType().Name}.");
        }
    }

    private string Csrs => Names.Class(isa, semantics.Variant) + "Csrs";

    private void PrintJump(string target)
    {
        writer.Line($"target = {target};");
        writer.Line("goto Jump;");
    }

    private void PrintWrite(WriteRegister write)
    {
        var file = isa.RegisterFiles.First(file => file.Name == write.Field.RegisterFile);
        var value = write.Field.View switch
        {
            RegisterView.BoxedFloat => $"(long)Ieee754.Box({Print(write.Value)})",
            RegisterView.Double => $"Ieee754.ToBits({Print(write.Value)})",
            _ when write.Value.Type is ValueType.I64 or ValueType.I32 => Print(write.Value),
            _ => $"(long){Atom(write.Value)}",
        };
        writer.Line($"{Register(write.Field)} = {value};");
        if (file.ZeroRegister >= 0)
            writer.Line($"{file.Name}[{file.ZeroRegister}] = 0;");
    }

    private void PrintStore(Store store)
    {
        var type = store.Value.Type.Name();
        // The value may itself be read from memory.
        var value = Purity.CanFault(store.Value) || store.Value.DescendantsAndSelf().Any(Purity.CanFault) ? "stored" : null;
        if (value != null)
            writer.Line($"var {value} = {Print(store.Value)};");
        if (!system)
        {
            PrintAddress(store.Address, "WriteFault", 1);
            writer.Line($"*({type}*)(memory + address) = {value ?? Print(store.Value)};");
            return;
        }
        var bytes = store.Value.Type.Width() / 8;
        writer.Line($"address = {Print(store.Address)};");
        writer.Line("page = TlbEntry.Find(tlb, address);");
        writer.Line($"if (page->StoreTag == TlbEntry.PageOfEnd(address, {bytes}))");
        writer.Line($"    *({type}*)(page->Addend + address) = {value ?? Print(store.Value)};");
        writer.Line($"else if (!SystemAccess.Store(state, system, i, address, {bytes}, (ulong)({value ?? Print(store.Value)})))");
        writer.Line(outOfLine ? "    return false;" : "    return;");
    }

    private void PrintZero(ZeroBlock zero)
    {
        PrintAddress(zero.Address, "WriteFault", 1);
        writer.Line($"address &= ~{zero.Bytes - 1}UL;");
        if (system)
            PrintHost("Write", zero.Bytes);
        writer.Line($"new Span<byte>({(system ? "host" : "memory + address")}, {zero.Bytes}).Clear();");
    }

    // Everything that an expression checks before it is evaluated, innermost first.
    private void PrintChecks(Expression expression)
    {
        foreach (var child in expression.Children())
            PrintChecks(child);
        switch (expression)
        {
            case Load load when system:
                PrintLoad(load);
                break;
            case Load load:
                PrintAddress(load.Address, "ReadFault", 1);
                KeepIfNotLast($"*({load.Type.Name()}*)(memory + address)");
                break;
            case LoadReserved load:
                PrintAddress(load.Address, "ReadFault", load.Type.Width() / 8);
                PrintHost("Read", load.Type.Width() / 8);
                KeepIfNotLast($"GuestAtomics.LoadReserved(state, ({load.Type.Name()}*)({Host}), address)");
                break;
            case StoreConditional store:
                PrintAddress(store.Address, "WriteFault", store.AccessType.Width() / 8);
                PrintHost("Write", store.AccessType.Width() / 8);
                KeepIfNotLast($"GuestAtomics.StoreConditional(state, ({store.AccessType.Name()}*)({Host}), address, {Print(store.Value)})");
                break;
            case AtomicUpdate atomic:
                PrintAddress(atomic.Address, "WriteFault", atomic.Type.Width() / 8);
                PrintHost("Write", atomic.Type.Width() / 8);
                KeepIfNotLast($"GuestAtomics.{atomic.Operator}(({atomic.Type.Name()}*)({Host}), {Print(atomic.Value)})");
                break;
            case CsrRead read:
                writer.Line($"if (!{Csrs}.TryRead(state, (int){Slot(read.Csr)}, {Print(read.Wanted)}, out var read{accesses}))");
                PrintExit("IllegalInstruction");
                accesses++;
                break;
        }
    }

    // Accesses happen where they stand; their values wait in locals until the expression around them is printed.
    private void KeepIfNotLast(string access)
    {
        writer.Line($"var read{accesses} = {access};");
        accesses++;
    }

    protected override string PrintAccess(Expression expression) => $"read{reads++}";

    private string Host => system ? "host" : "memory + address";

    private void PrintLoad(Load load)
    {
        var (type, bytes, name) = (load.Type.Name(), load.Type.Width() / 8, $"read{accesses++}");
        writer.Line($"address = {Print(load.Address)};");
        writer.Line($"{type} {name};");
        writer.Line("page = TlbEntry.Find(tlb, address);");
        writer.Line($"if (page->LoadTag == TlbEntry.PageOfEnd(address, {bytes}))");
        writer.Line($"    {name} = *({type}*)(page->Addend + address);");
        writer.Line($"else if (SystemAccess.Load(state, system, i, address, {bytes}))");
        writer.Line($"    {name} = ({type})system->Loaded;");
        writer.Line("else");
        writer.Line(outOfLine ? "    return false;" : "    return;");
    }

    // Where an aligned access, which is more than a load or a store, finds its memory.
    private void PrintHost(string access, int bytes)
    {
        if (!system)
            return;
        writer.Line($"var host = SystemAccess.{access}able(state, system, tlb, i, address, {bytes});");
        writer.Line("if (host == null)");
        writer.Line("    return false;");
    }

    private void PrintAddress(Expression address, string fault, int alignment)
    {
        if (!system)
            writer.Line("state->Current = i;");
        writer.Line($"address = {Print(address)};");
        if (alignment > 1)
        {
            writer.Line($"if ((address & {alignment - 1}) != 0)");
            PrintExit(fault == "ReadFault" ? "MisalignedRead" : "MisalignedWrite");
        }
        if (system)
            return;
        writer.Line("if (address >= limit)");
        PrintExit(fault);
    }

    private void PrintExit(string label)
    {
        writer.Line("    " + (outOfLine, label) switch
        {
            (false, _) => $"goto {label};",
            (_, "ReadFault") => "return InterpreterExits.MemoryFault(state, i, address, AccessKind.Read);",
            (_, "WriteFault") => "return InterpreterExits.MemoryFault(state, i, address, AccessKind.Write);",
            (_, "MisalignedRead") => "return InterpreterExits.Misaligned(state, i, address, AccessKind.Read);",
            (_, "MisalignedWrite") => "return InterpreterExits.Misaligned(state, i, address, AccessKind.Write);",
            _ => "return InterpreterExits.At(state, i, ExitReason.IllegalInstruction);",
        });
    }
}
