using System.Runtime.InteropServices;
using Dbt.Isa;

namespace Dbt.Runtime.Linux.Processes;

/// <summary>
/// What a handler finds on its stack, and rt_sigreturn takes from there: a siginfo_t and a ucontext_t (asm-generic's, which
/// arm64 and riscv64 share up to the machine's own registers).
/// </summary>
internal static unsafe class SignalFrame
{
    // Of ucontext_t: uc_flags, uc_link, uc_stack, uc_sigmask with room for 1024 signals, and the registers at a multiple of 16.
    private const int Context = SignalInfo.Size, Stack = Context + 16, Mask = Context + 40, Registers = Context + 176;

    private const ulong Alignment = 16;

    /// <summary>Puts a frame on the thread's stack and its registers at the start of the handler. False, and no change, when there is no room.</summary>
    public static bool TryPush(GuestThread thread, SignalInfo info, in SignalAction action)
    {
        var abi = thread.Process.Abi;
        var alternate = thread.Signals.AlternateStack;
        var size = Registers + abi.MachineContextSize;
        var stackPointer = abi.StackPointer(thread.Hart);
        var wasOnAlternate = thread.Signals.IsOnAlternateStack;
        if ((action.Flags & SignalAction.OnStack) != 0 && !wasOnAlternate && alternate.Size != 0)
            stackPointer = alternate.End;
        var address = stackPointer - (ulong)size & ~(Alignment - 1);
        // An overflow of the alternate stack must not reach what lies below it.
        if (wasOnAlternate && !alternate.Contains(address))
            return false;

        Span<byte> frame = stackalloc byte[size];
        frame.Clear();
        info.WriteTo(frame);
        MemoryMarshal.Write(frame[Stack..], alternate);
        MemoryMarshal.Write(frame[Mask..], thread.Signals.Mask);
        abi.SaveContext(thread.Hart, frame[Registers..]);
        if (!thread.Memory.TryWrite(address, frame))
            return false;
        // Linux breaks reservations on the way, too.
        thread.Hart.State->ReservationAddress = HartHeader.NoReservation;
        var returnAddress = abi.HasSignalRestorer ? action.Restorer : thread.Process.SignalReturn;
        abi.EnterHandler(thread.Hart, action.Handler, address, returnAddress, (int)info.Signal, address, address + Context);
        return true;
    }

    /// <summary>Takes registers, mask and alternate stack from the frame at the stack pointer. False, and no change, when it is none.</summary>
    public static bool TryPop(GuestThread thread)
    {
        var abi = thread.Process.Abi;
        Span<byte> frame = stackalloc byte[Registers + abi.MachineContextSize];
        if (!thread.Memory.TryRead(abi.StackPointer(thread.Hart), frame) || !abi.TryRestoreContext(thread.Hart, frame[Registers..]))
            return false;
        thread.Hart.State->ReservationAddress = HartHeader.NoReservation;
        thread.Signals.Mask = MemoryMarshal.Read<ulong>(frame[Mask..]);
        // A stack that cannot be set is no reason not to return.
        _ = thread.Signals.SetAlternateStack(MemoryMarshal.Read<SignalStack>(frame[Stack..]));
        return true;
    }
}
