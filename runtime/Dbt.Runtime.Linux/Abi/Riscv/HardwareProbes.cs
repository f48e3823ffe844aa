using Dbt.Runtime.Linux.Processes;
using Dbt.Runtime.Linux.Syscalls;

namespace Dbt.Runtime.Linux.Abi.Riscv;

/// <summary>riscv_hwprobe: what the processor can do, asked by key (Linux's Documentation/arch/riscv/hwprobe.rst).</summary>
internal static class HardwareProbes
{
    private const long BaseBehavior = 3, Extensions0 = 4, MisalignedAccess = 5;
    private const ulong BaseImafdc = 1, MisalignedFast = 3;
    private const int PairSize = 16;

    // Bits of RISCV_HWPROBE_KEY_IMA_EXT_0.
    private static readonly (string Extension, int Bit)[] ExtensionBits =
    [
        ("D", 0), ("C", 1), ("V", 2), ("Zba", 3), ("Zbb", 4), ("Zbs", 5), ("Zicboz", 6), ("Zbc", 7), ("Zbkb", 8), ("Zbkc", 9), ("Zbkx", 10),
        ("Zfh", 27), ("Zfhmin", 28), ("Zihintntl", 29), ("Ztso", 33), ("Zacas", 34), ("Zicond", 35), ("Zihintpause", 36),
    ];

    /// <summary>riscv_hwprobe: (pairs*, count, size of the processor set, processors*, flags).</summary>
    public static long Answer(GuestThread thread, in SyscallArguments a)
    {
        // Which processors have a given answer (flag 1) is not implemented; all are alike.
        if (a.E != 0 || a.C == 0 && a.D != 0)
            return -Errno.EINVAL;
        for (ulong i = 0; i < a.B; i++)
        {
            var address = a.A + i * PairSize;
            if (!thread.Memory.TryRead(address, out Pair pair) || !thread.Memory.TryWrite(address, Answer(thread, pair.Key)))
                return -Errno.EFAULT;
        }
        return 0;
    }

    private static Pair Answer(GuestThread thread, long key) => key switch
    {
        0 or 1 or 2 => new Pair(key, 0), // vendor, architecture and implementation: unknown
        BaseBehavior => new Pair(key, BaseImafdc),
        Extensions0 => new Pair(key, ExtensionMask(thread)),
        MisalignedAccess => new Pair(key, MisalignedFast),
        _ => new Pair(-1, 0),
    };

    private static ulong ExtensionMask(GuestThread thread)
    {
        var mask = 0UL;
        foreach (var extension in thread.Hart.Isa.Extensions)
            if (thread.Hart.Extensions.Contains(extension.Index))
                foreach (var (name, bit) in ExtensionBits)
                    if (name == extension.Name)
                        mask |= 1UL << bit;
        return mask;
    }

    private readonly record struct Pair(long Key, ulong Value);
}
