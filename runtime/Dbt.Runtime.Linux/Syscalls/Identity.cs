using System.Text;
using Dbt.Runtime.Linux.Host;
using Dbt.Runtime.Linux.Processes;

namespace Dbt.Runtime.Linux.Syscalls;

/// <summary>Who the guest is, and what it runs on. Numbers of processes, users and groups are the host's.</summary>
internal static unsafe class Identity
{
    /// <summary>uname: (utsname*): the host's, but for the machine.</summary>
    public static long SystemName(GuestThread thread, in SyscallArguments a)
    {
        const int fieldSize = 65, fields = 6, machineField = 4;
        var names = new byte[fieldSize * fields];
        long result;
        fixed (byte* pointer = names)
            result = HostKernel.Call(SyscallNumber.uname, (long)pointer);
        if (result != 0)
            return result;
        var machine = names.AsSpan(machineField * fieldSize, fieldSize);
        machine.Clear();
        Encoding.ASCII.GetBytes(thread.Process.Abi.MachineName, machine);
        return thread.Memory.TryWrite(a.A, names) ? 0 : -Errno.EFAULT;
    }

    /// <summary>A call with one output structure of a known size: (structure*).</summary>
    public static long Ask(GuestThread thread, SyscallNumber number, ulong address, ulong size) =>
        thread.TryBuffer(address, size, out var buffer) ? HostKernel.Call(number, buffer) : -Errno.EFAULT;

    /// <summary>getresuid and getresgid: (real*, effective*, saved*).</summary>
    public static long ThreeNumbers(GuestThread thread, SyscallNumber number, in SyscallArguments a) =>
        thread.TryBuffer(a.A, 4, out var real) && thread.TryBuffer(a.B, 4, out var effective) && thread.TryBuffer(a.C, 4, out var saved)
            ? HostKernel.Call(number, real, effective, saved)
            : -Errno.EFAULT;

    /// <summary>getgroups and setgroups: (count, groups*).</summary>
    public static long Groups(GuestThread thread, SyscallNumber number, in SyscallArguments a) =>
        (int)a.A < 0 ? -Errno.EINVAL
        : !thread.TryOptionalBuffer(a.B, 4 * (a.A & int.MaxValue), out var buffer) ? -Errno.EFAULT
        : HostKernel.Call(number, (int)a.A, buffer);

    /// <summary>getcpu: (cpu*, node*).</summary>
    public static long Processor(GuestThread thread, in SyscallArguments a) =>
        thread.TryOptionalBuffer(a.A, 4, out var cpu) && thread.TryOptionalBuffer(a.B, 4, out var node)
            ? HostKernel.Call(SyscallNumber.getcpu, cpu, node)
            : -Errno.EFAULT;

    /// <summary>sched_getaffinity and sched_setaffinity: (thread, size, mask*).</summary>
    public static long Affinity(GuestThread thread, SyscallNumber number, in SyscallArguments a)
    {
        var size = (uint)a.B;
        return thread.TryBuffer(a.C, size, out var mask) ? HostKernel.Call(number, (int)a.A, size, mask) : -Errno.EFAULT;
    }

    /// <summary>As <see cref="Ask"/>, with a number before it that says about whom: (whom, structure*).</summary>
    public static long AskAbout(GuestThread thread, SyscallNumber number, ulong whom, ulong address, ulong size) =>
        thread.TryBuffer(address, size, out var buffer) ? HostKernel.Call(number, (int)whom, buffer) : -Errno.EFAULT;

    /// <summary>capget: (header*, data* or null).</summary>
    public static long Capabilities(GuestThread thread, in SyscallArguments a) =>
        thread.TryBuffer(a.A, 8, out var header) && thread.TryOptionalBuffer(a.B, 24, out var data)
            ? HostKernel.Call(SyscallNumber.capget, header, data)
            : -Errno.EFAULT;

    /// <summary>prctl: (option, ...): the thread's name, and what cannot hurt.</summary>
    public static long Control(GuestThread thread, in SyscallArguments a)
    {
        const int getDumpable = 3, setDumpable = 4, setName = 15, getName = 16, readBoundingSet = 23, setNoNewPrivileges = 38, getNoNewPrivileges = 39;
        const int nameSize = 16;
        switch ((int)a.A)
        {
            case setName:
                if (!thread.Memory.TryReadCString(a.B, nameSize - 1, out var name))
                    return -Errno.EFAULT;
                thread.Process.Name = name;
                return 0;
            case getName:
                var padded = new byte[nameSize];
                thread.Process.Name.CopyTo(padded, 0);
                return thread.Memory.TryWrite(a.B, padded) ? 0 : -Errno.EFAULT;
            case getDumpable:
                return 1;
            case setDumpable:
                return a.B <= 1 ? 0 : -Errno.EINVAL;
            case readBoundingSet or setNoNewPrivileges or getNoNewPrivileges:
                return HostKernel.Call(SyscallNumber.prctl, (int)a.A, (long)a.B, (long)a.C, (long)a.D, (long)a.E);
            default:
                return -Errno.EINVAL;
        }
    }
}
