using Dbt.Runtime.Linux.Processes;

namespace Dbt.Runtime.Linux.Syscalls;

/// <summary>ioctl for terminals and for the few requests that all files know; anything else is ENOTTY.</summary>
internal static class DeviceControl
{
    /// <summary>ioctl: (file, request, argument).</summary>
    public static long Control(GuestThread thread, in SyscallArguments a)
    {
        const uint clone = 0x40049409, closeOnExec = 0x5451, keepOnExec = 0x5450;
        if (thread.Files.Host((int)a.A) < 0)
            return -Errno.EBADF;
        var request = (uint)a.B;
        switch (request)
        {
            case closeOnExec or keepOnExec:
                return thread.Files.SetCloseOnExec((int)a.A, request == closeOnExec) ? 0 : -Errno.EBADF;
            case clone:
                var source = thread.Files.Host((int)a.C);
                return source < 0 ? -Errno.EBADF : thread.CallWithFile(SyscallNumber.ioctl, a.A, request, source);
        }
        return SizeOf(request) switch
        {
            < 0 => -Errno.ENOTTY,
            0 => thread.CallWithFile(SyscallNumber.ioctl, a.A, request, (long)a.C),
            var size => thread.TryBuffer(a.C, (ulong)size, out var buffer) ? thread.CallWithFile(SyscallNumber.ioctl, a.A, request, buffer) : -Errno.EFAULT,
        };
    }

    // Bytes that the argument points to; 0 when it is a number, -1 for an unknown request. Requests and structures are
    // asm-generic's (ioctls.h, termbits.h), which x86-64 shares.
    private static int SizeOf(uint request) => request switch
    {
        0x5401 or 0x5402 or 0x5403 or 0x5404 => 36, // TCGETS, TCSETS, TCSETSW, TCSETSF
        0x802c542a or 0x402c542b or 0x402c542c or 0x402c542d => 44, // the same with struct termios2
        0x5409 or 0x540a or 0x540b or 0x540c or 0x540d or 0x540e or 0x5422 => 0, // TCSBRK, TCXONC, TCFLSH, TIOCEXCL, TIOCNXCL, TIOCSCTTY, TIOCNOTTY
        0x540f or 0x5410 or 0x5411 or 0x5429 => 4, // TIOCGPGRP, TIOCSPGRP, TIOCOUTQ, TIOCGSID
        0x5413 or 0x5414 => 8, // TIOCGWINSZ, TIOCSWINSZ
        0x541b or 0x5421 or 0x5452 => 4, // FIONREAD, FIONBIO, FIOASYNC
        0x80045430 or 0x40045431 => 4, // TIOCGPTN, TIOCSPTLCK
        0x80086601 or 0x40086602 or 0x80081272 => 8, // FS_IOC_GETFLAGS, FS_IOC_SETFLAGS, BLKGETSIZE64
        _ => -1,
    };
}
