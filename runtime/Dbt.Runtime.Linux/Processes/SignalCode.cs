namespace Dbt.Runtime.Linux.Processes;

/// <summary>Values of si_code (include/uapi/asm-generic/siginfo.h); those of faults mean something together with their signal only.</summary>
internal static class SignalCode
{
    /// <summary>SI_USER: by kill.</summary>
    public const int User = 0;

    /// <summary>SI_TKILL: by tkill or tgkill.</summary>
    public const int Thread = -6;

    /// <summary>SI_KERNEL: by the kernel, for a reason that has no code.</summary>
    public const int Kernel = 0x80;

    /// <summary>ILL_ILLOPC: no such instruction.</summary>
    public const int IllegalInstruction = 1;

    /// <summary>SEGV_MAPERR: nothing is mapped there.</summary>
    public const int NotMapped = 1;

    /// <summary>SEGV_ACCERR: what is mapped there does not allow it.</summary>
    public const int NotAllowed = 2;

    /// <summary>BUS_ADRALN: not aligned.</summary>
    public const int Misaligned = 1;

    /// <summary>BUS_ADRERR: there is no memory, as behind the end of a mapped file.</summary>
    public const int NoMemory = 2;

    /// <summary>TRAP_BRKPT: a breakpoint instruction.</summary>
    public const int Breakpoint = 1;
}
