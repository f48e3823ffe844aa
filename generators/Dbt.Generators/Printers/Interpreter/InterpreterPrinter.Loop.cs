using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Printers.Interpreter;

internal sealed partial class InterpreterPrinter
{
    private static string PrintInterpreter(IsaInput input, VariantModel variant, int first)
    {
        var writer = CodeWriter.File(
            Names.Namespace(input.Isa), "System.Runtime.CompilerServices", "Dbt.Isa.FloatingPoint", "Dbt.Isa.Interpreting", "Dbt.Isa.Semantics", "Dbt.Isa.Systems");
        writer.Open($"public sealed unsafe partial class {Names.Class(input.Isa, variant)}");
        writer.Line("/// <inheritdoc/>");
        writer.Open("public override Instruction Expand(in Instruction instruction)");
        writer.Line("var expanded = instruction;");
        writer.Line("ExpandInPlace(ref expanded);");
        writer.Line("return expanded;");
        writer.Close();
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Open("public override void ExpandInPlace(ref Instruction instruction)");
        writer.Open($"switch (({Names.Of(input.Isa)}Operation)instruction.Operation)");
        foreach (var fragment in input.Fragments)
            writer.Raw(fragment.Parts[first + Expansions]);
        writer.Close();
        writer.Close();
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Open("public override ulong DirectTarget(in Instruction instruction, ulong pc)");
        writer.Line("var expanded = Expand(instruction);");
        writer.Line($"return ({Names.Of(input.Isa)}Operation)expanded.Operation switch");
        PrintArms(writer, input, first + Targets, "0");
        writer.Close();
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Open("public override void Interpret(HartHeader* state)");
        writer.Line("var entry = JumpCacheEntry.Find(state->JumpCache, state->Pc);");
        writer.Line("if (entry->Pc == state->Pc)");
        writer.Line($"    {Dispatch(input.Isa, variant)}(state, (PredecodedInstruction*)entry->Target);");
        writer.Line("else");
        writer.Line("    state->Exit = ExitReason.TranslationMiss;");
        writer.Close();
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line($"public override bool Step(HartHeader* state, in Instruction instruction) => SingleStep.Run(state, Expand(instruction), &{Dispatch(input.Isa, variant)});");
        writer.Line();
        if (HasSystemLoop(input.Isa, variant))
        {
            writer.Open("private static void Dispatch(HartHeader* state, PredecodedInstruction* i)");
            writer.Line($"if ((({Names.Of(input.Isa)}State*)state)->System.Tlb == null)");
            writer.Line("    Run(state, i);");
            writer.Line("else");
            writer.Line("    RunSystem(state, i);");
            writer.Close();
            writer.Line();
            PrintLoop(writer, input, first, true);
            writer.Line();
        }
        PrintLoop(writer, input, first, false);
        foreach (var fragment in input.Fragments)
        {
            writer.Raw(fragment.Parts[first + Methods]);
            writer.Raw(fragment.Parts[first + SystemMethods]);
        }
        writer.Close();
        return writer.ToString();
    }

    private static string Dispatch(IsaModel isa, VariantModel variant) => HasSystemLoop(isa, variant) ? "Dispatch" : "Run";

    private static void PrintArms(CodeWriter writer, IsaInput input, int part, string otherwise)
    {
        writer.Open("");
        foreach (var fragment in input.Fragments)
            writer.Raw(fragment.Parts[part]);
        writer.Line($"_ => {otherwise},");
        writer.Close(";");
    }

    // Locals are few and shared, so that the JIT keeps them in registers; whatever is rare is a call.
    private static void PrintLoop(CodeWriter writer, IsaInput input, int first, bool system)
    {
        writer.Open($"private static void Run{(system ? "System" : "")}(HartHeader* state, PredecodedInstruction* i)");
        if (input.Isa.States.Count > 0)
            PrintWords(writer, input.Isa);
        foreach (var file in input.Isa.RegisterFiles)
            writer.Line($"var {file.Name} = (long*)(({Names.Of(input.Isa)}State*)state)->{file.Name.ToUpperInvariant()};");
        if (system)
        {
            writer.Line("var tlb = system->Tlb;");
            writer.Line("TlbEntry* page;");
        }
        else
        {
            writer.Line("var memory = state->Memory;");
            writer.Line("var limit = state->MemoryLimit;");
        }
        writer.Line("ulong address = 0;");
        writer.Line("ulong target;");
        writer.Open("for (; ; )");
        writer.Open($"switch (({Names.Of(input.Isa)}Operation)i->Instruction.Operation)");
        writer.Line($"case ({Names.Of(input.Isa)}Operation)EngineOperation.BlockStart:");
        writer.Line("    goto Enter;");
        writer.Line($"case ({Names.Of(input.Isa)}Operation)EngineOperation.BlockEnd:");
        writer.Line("    target = i->Pc;");
        writer.Line("    goto Jump;");
        foreach (var fragment in input.Fragments)
            writer.Raw(fragment.Parts[first + (system ? SystemCases : Cases)]);
        writer.Line("default:");
        writer.Line("    goto IllegalInstruction;");
        writer.Close();
        writer.Line("i++;");
        writer.Line("continue;");
        writer.Outdent();
        writer.Line("Jump:");
        writer.Indent();
        writer.Line("var entry = JumpCacheEntry.Find(state->JumpCache, target);");
        writer.Open("if (entry->Pc != target)");
        writer.Line("state->Pc = target;");
        writer.Line("state->Exit = ExitReason.TranslationMiss;");
        writer.Line("return;");
        writer.Close();
        writer.Line("i = (PredecodedInstruction*)entry->Target;");
        writer.Outdent();
        writer.Line("Enter:");
        writer.Indent();
        writer.Line("var head = (BlockHead*)i;");
        writer.Line("var left = state->Budget - head->InstructionCount;");
        writer.Open("if (left < 0)");
        writer.Line("state->Pc = head->Pc;");
        writer.Line("state->Exit = ExitReason.Budget;");
        writer.Line("return;");
        writer.Close();
        if (system)
        {
            writer.Open("if (Volatile.Read(ref system->Attention) != 0)");
            writer.Line("state->Pc = head->Pc;");
            writer.Line("state->Exit = ExitReason.Attention;");
            writer.Line("return;");
            writer.Close();
        }
        writer.Open("if (--head->Countdown == 0)");
        writer.Line("state->Pc = head->Pc;");
        writer.Line("state->Exit = ExitReason.TranslationMiss;");
        writer.Line("return;");
        writer.Close();
        writer.Line("state->Budget = left;");
        writer.Line("i++;");
        writer.Close();
        if (!system)
        {
            PrintLabel(writer, "ReadFault", "MemoryFault(state, i, address, AccessKind.Read)");
            PrintLabel(writer, "WriteFault", "MemoryFault(state, i, address, AccessKind.Write)");
        }
        PrintLabel(writer, "IllegalInstruction", "At(state, i, ExitReason.IllegalInstruction)");
        writer.Close();
    }

    private static void PrintLabel(CodeWriter writer, string label, string exit)
    {
        writer.Outdent();
        writer.Line(label + ":");
        writer.Indent();
        writer.Line($"InterpreterExits.{exit};");
        writer.Line("return;");
    }
}
