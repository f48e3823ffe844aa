using Dbt.Isa;
using Dbt.Runtime.Faults;

namespace Dbt.Embedding;

/// <content>Calls of guest functions. What is already compiled is entered at once; everything else goes the way of <see cref="Run"/>.</content>
public sealed unsafe partial class VirtualHart
{
    private readonly ulong*[] _arguments;
    private readonly ulong* _returnRegister;
    private readonly ulong* _stackRegister;
    private readonly ulong _returnAddress;
    private readonly long _callBudget;
    private ulong _stackTop;

    // The thread that the engine lets make calls.
    private ThreadRegistration? _callingThread;

    // Compiled code left where nothing was known: only a run from the start makes the way there known to it.
    private bool _mustRun;

    /// <summary>An argument of the next call. No call may be under way: see <see cref="BeginCall"/>.</summary>
    internal ref ulong Argument(int number) => ref *_arguments[number];

    /// <summary>Checks that a call can be made now.</summary>
    internal void BeginCall()
    {
        if (_isRunning)
            ThrowRunning();
    }

    /// <summary>Gives the hart what calls need: a stack, and what programs expect in registers.</summary>
    internal void PrepareCalls()
    {
        BeginCall();
        if (_stackTop != 0)
            return;
        _stackTop = Machine.MapStack(Number) & ~(Machine.Architecture.StackAlignment - 1);
        if (Machine.Architecture.GlobalPointer >= 0)
            *Register(Machine.Architecture.GlobalPointer) = Machine.FindGlobalPointer();
    }

    /// <summary>Calls a function whose arguments are in their registers; see <see cref="BeginCall"/>.</summary>
    internal ulong Call(ulong address)
    {
        var state = _state;
        *_returnRegister = _returnAddress;
        *_stackRegister = _stackTop;
        state->Pc = address;
        if (_mustRun || _callingThread == null || _callingThread != HostFaults.Registration)
            return CallSlowly(address, ExitReason.None, _callBudget);
        _isRunning = true;
        var retired = state->RetiredBase - state->Budget;
        var reason = _compiler!.Call(_hart, _callBudget);
        if (reason != ExitReason.TranslationMiss || state->Pc != _returnAddress)
            return CallSlowly(address, reason, _callBudget == long.MaxValue ? long.MaxValue : _callBudget - (state->RetiredBase - state->Budget - retired));
        _isRunning = false;
        return *_arguments[0];
    }

    // Goes on behind what compiled code has left for; None when nothing was executed yet.
    private ulong CallSlowly(ulong address, ExitReason left, long budget)
    {
        _isRunning = true;
        try
        {
            _mustRun = left == ExitReason.TranslationMiss && _state->Pc != address;
            PrepareThread();
            HartExit exit;
            switch (left)
            {
                case ExitReason.None or ExitReason.TranslationMiss or ExitReason.Budget:
                    exit = Execute(budget, CancellationToken.None);
                    break;
                case ExitReason.InstructionFence:
                    Machine.Engine.InvalidateChanged();
                    exit = Execute(budget, CancellationToken.None);
                    break;
                default:
                    _isHalted = false;
                    if (TryHandle(left, out exit))
                        exit = Execute(budget, CancellationToken.None);
                    break;
            }
            return exit.Reason == HartExitReason.Fault && exit.Pc == _returnAddress
                ? *_arguments[0]
                : throw new GuestException(exit, $"The guest's function at 0x{address:x} did not return: {exit}.");
        }
        finally
        {
            _isRunning = false;
        }
    }

    private void PrepareThread()
    {
        var thread = HostFaults.KeepCurrentThread();
        _state->HostFault = thread.Fault;
        if (_compiler == null || _callingThread == thread)
            return;
        _compiler.PrepareCalls(_hart);
        _callingThread = thread;
    }
}
