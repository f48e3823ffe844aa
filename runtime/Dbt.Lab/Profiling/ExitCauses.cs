using Dbt.Isa;

namespace Dbt.Lab.Profiling;

/// <summary>Why engines stop, in words.</summary>
internal static class ExitCauses
{
    /// <summary>The cause in a few words.</summary>
    public static string NameOf(ExitReason reason) => reason switch
    {
        ExitReason.None => "instruction for the interpreter",
        ExitReason.Budget => "budget",
        ExitReason.TranslationMiss => "next block elsewhere",
        ExitReason.EnvironmentCall => "system call",
        ExitReason.Breakpoint => "breakpoint",
        ExitReason.IllegalInstruction => "illegal instruction",
        ExitReason.MemoryFault => "memory fault",
        ExitReason.MisalignedAccess => "misaligned access",
        ExitReason.InstructionFence => "instruction fence",
        ExitReason.Attention => "attention",
        ExitReason.WaitForInterrupt => "waits for an interrupt",
        _ => reason.ToString(),
    };
}
