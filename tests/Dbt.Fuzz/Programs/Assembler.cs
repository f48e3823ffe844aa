using System.Buffers.Binary;
using Dbt.Isa;

namespace Dbt.Fuzz.Programs;

/// <summary>Gives programs addresses and bytes.</summary>
internal static class Assembler
{
    /// <summary>Assembles a program. Branches that do not reach their targets are left out, together with their groups.</summary>
    public static AssembledProgram Assemble(GuestIsa isa, GuestProgram program, ulong address)
    {
        for (; ; )
        {
            if (TryAssemble(isa, program, address, out var failed) is { } assembled)
                return assembled;
            program = program.Without(group => group == failed);
        }
    }

    private static AssembledProgram? TryAssemble(GuestIsa isa, GuestProgram program, ulong address, out int failed)
    {
        var steps = program.Steps;
        var addresses = new ulong[steps.Count + 1];
        addresses[0] = address;
        for (var i = 0; i < steps.Count; i++)
            addresses[i + 1] = addresses[i] + steps[i].Instruction.Length;
        var code = new byte[addresses[^1] - address + sizeof(uint)];
        var instructions = new Instruction[steps.Count];
        for (var i = 0; i < steps.Count; i++)
        {
            var instruction = steps[i].Instruction;
            if (steps[i].Target >= 0)
                instruction.Immediate = Immediate(steps[i], addresses, i);
            if (!isa.TryEncode(instruction, out var bits))
            {
                failed = steps[i].Group;
                return null;
            }
            instructions[i] = instruction;
            BinaryPrimitives.WriteUInt32LittleEndian(code.AsSpan((int)(addresses[i] - address)), bits);
        }
        failed = -1;
        return new AssembledProgram(program, address, code[..^sizeof(uint)], instructions, addresses);
    }

    private static long Immediate(Step step, ulong[] addresses, int index)
    {
        var origin = step.Distance == Distance.Lower ? index - 1 : index;
        var distance = (long)(addresses[step.Target] - addresses[origin]) + step.Addend;
        var upper = distance + 0x800 & ~0xFFFL;
        return step.Distance switch
        {
            Distance.Upper => upper,
            Distance.Lower => distance - upper,
            _ => distance,
        };
    }
}
