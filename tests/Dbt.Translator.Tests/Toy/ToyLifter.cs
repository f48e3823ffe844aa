using Dbt.Isa;
using Dbt.Isa.Semantics;
using Dbt.Translator.Semantics;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Tests.Toy;

/// <summary>What the toy guest's instructions do, as the generator's printer writes them for real ones.</summary>
internal sealed class ToyLifter : GuestLifter
{
    public override GuestIsa Isa => ToyIsa.Instance;

    public override void Lift<TBuilder, TValue>(ReadOnlySpan<PredecodedInstruction> block, ref TBuilder builder)
    {
        foreach (ref readonly var predecoded in block)
        {
            if (!builder.Begin(predecoded))
                break;
            Lift<TBuilder, TValue>(predecoded.Instruction, predecoded.Pc, ref builder);
        }
    }

    private static void Lift<TBuilder, TValue>(in Instruction instruction, ulong pc, ref TBuilder builder)
        where TBuilder : ISemanticsBuilder<TValue>
    {
        var a = builder.ReadRegister(0, instruction.A);
        var b = builder.ReadRegister(0, instruction.B);
        var immediate = builder.Constant(ValueType.U64, instruction.Immediate);
        var address = builder.Binary(BinaryOperator.Add, b, immediate);
        switch ((ToyOperation)instruction.Operation)
        {
            case ToyOperation.AddImmediate:
                builder.WriteRegister(0, instruction.A, address);
                break;
            case ToyOperation.MultiplyAdd:
                builder.WriteRegister(0, instruction.A,
                    builder.Binary(BinaryOperator.Add, a, builder.Binary(BinaryOperator.Multiply, b, immediate)));
                break;
            case ToyOperation.BranchNotEqual:
                builder.If(builder.Binary(BinaryOperator.NotEqual, a, b));
                builder.Jump(builder.Constant(ValueType.U64, (long)pc + instruction.Immediate));
                builder.EndIf();
                break;
            case ToyOperation.Load:
                builder.WriteRegister(0, instruction.A, builder.Load(ValueType.U64, address));
                break;
            case ToyOperation.Store:
                builder.Store(ValueType.U64, address, a);
                break;
            case ToyOperation.JumpRegister:
                builder.WriteRegister(0, instruction.B, builder.Constant(ValueType.U64, (long)pc + instruction.Length));
                builder.Jump(builder.Binary(BinaryOperator.Add, a, immediate));
                break;
            case ToyOperation.FetchAdd:
                builder.WriteRegister(0, instruction.A, builder.Atomic(AtomicOperator.Add, ValueType.U64, b, a));
                break;
            case ToyOperation.Call:
                builder.Exit(ExitReason.EnvironmentCall);
                break;
            case ToyOperation.Fence:
                builder.Exit(ExitReason.InstructionFence);
                break;
            case ToyOperation.Conditional:
                var counter = (int)instruction.Immediate & 15;
                builder.If(builder.Binary(BinaryOperator.NotEqual, b, builder.Constant(ValueType.U64, 0)));
                builder.WriteRegister(0, instruction.A, immediate);
                builder.WriteRegister(0, counter,
                    builder.Binary(BinaryOperator.Add, builder.ReadRegister(0, counter), builder.Constant(ValueType.U64, 1)));
                builder.EndIf();
                break;
            case ToyOperation.System:
                builder.InterpretInstruction();
                break;
            case ToyOperation.Nop:
                break;
            default:
                builder.Exit(ExitReason.IllegalInstruction);
                break;
        }
    }
}
