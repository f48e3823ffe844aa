using Dbt.Isa;
using Dbt.Runtime.Faults;
using Dbt.Translator;
using Dbt.Translator.Engines;

namespace Dbt.Embedding;

/// <summary>A hart of a <see cref="VirtualMachine"/>. One thread at a time may run it or look at its registers.</summary>
public sealed unsafe partial class VirtualHart
{
    private readonly Hart _hart;
    private readonly HartHeader* _state;
    private readonly BaselineEngine? _compiler;
    private bool _isRunning;
    private bool _isHalted;
    private volatile bool _isStopped;

    internal VirtualHart(VirtualMachine machine, int number)
    {
        Machine = machine;
        Number = number;
        _compiler = machine.Compiler;
        _returnAddress = machine.ReturnAddress;
        _callBudget = machine.Options.CallBudget;
        _hart = new Hart(machine.Architecture.Isa, machine.Extensions, machine.Memory);
        _state = _hart.State;
        _state->Memory = machine.Memory.Base;
        _state->MemoryLimit = machine.Memory.Size;
        var guest = machine.Architecture;
        _arguments = new ulong*[guest.Arguments.Length];
        for (var i = 0; i < _arguments.Length; i++)
            _arguments[i] = Register(guest.Arguments[i]);
        _returnRegister = Register(guest.ReturnAddress);
        _stackRegister = Register(guest.StackPointer);
    }

    /// <summary>Whose it is.</summary>
    public VirtualMachine Machine { get; }

    /// <summary>Its number, from 0 on.</summary>
    public int Number { get; }

    /// <summary>Address of the next instruction.</summary>
    public ulong Pc
    {
        get => State->Pc;
        set => State->Pc = value;
    }

    /// <summary>Guest instructions that it has executed. Exact from the first <see cref="Run"/> with a budget on; before, compiled code does not count.</summary>
    public long Instructions => State->RetiredBase - State->Budget;

    /// <summary>A register by name: as the ABI has it (<c>a0</c>), or by file and number (<c>x10</c>, <c>f3</c>), or <c>pc</c>. Floating-point registers have their bits.</summary>
    /// <exception cref="ArgumentException">There is no such register.</exception>
    public ulong this[string register]
    {
        get => register == "pc" ? Pc : _hart.GetRegister(Find(register, out var index), index);
        set
        {
            ObjectDisposedException.ThrowIf(_hart.State == null, this);
            if (register == "pc")
                Pc = value;
            else
                _hart.SetRegister(Find(register, out var index), index, value);
        }
    }

    /// <summary>How many arguments the guest passes in registers.</summary>
    public int ArgumentCount => Machine.Architecture.Arguments.Length;

    /// <summary>An argument of an environment call or a function, by the guest's calling convention.</summary>
    public ulong GetArgument(int number) => *Register(Machine.Architecture.Arguments[number]);

    /// <summary>Leaves the result of an environment call where the guest's calling convention has it.</summary>
    public void SetResult(ulong value) => *Register(Machine.Architecture.Arguments[0]) = value;

    /// <summary>What an environment call is told apart by: by convention the register that Linux has the number in (RISC-V: a7).</summary>
    public ulong CallNumber => *Register(Machine.Architecture.CallNumber);

    /// <summary>
    /// Runs from <see cref="Pc"/> until something happens that this process should see to. Handlers are called meanwhile, on this thread.
    /// </summary>
    /// <param name="budget">Guest instructions after which to return, exactly. The first run of a machine with one has its code compiled anew, to count.</param>
    /// <param name="cancellation">Ends it within about a millisecond.</param>
    /// <returns>Why it stopped.</returns>
    /// <exception cref="OperationCanceledException">It was canceled. It may be run on.</exception>
    /// <exception cref="InvalidOperationException">It is running.</exception>
    public HartExit Run(long budget = long.MaxValue, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        cancellation.ThrowIfCancellationRequested();
        BeginCall();
        _isRunning = true;
        try
        {
            _state->HostFault = HostFaults.KeepCurrentThread().Fault;
            using var stop = cancellation.UnsafeRegister(static hart => ((VirtualHart)hart!)._hart.RequestStop(), this);
            return Execute(budget, cancellation);
        }
        finally
        {
            _isRunning = false;
        }
    }

    /// <summary>Runs on a thread of its own; see <see cref="Run"/>.</summary>
    public Task<HartExit> RunAsync(long budget = long.MaxValue, CancellationToken cancellation = default) =>
        Task.Factory.StartNew(() => Run(budget, cancellation), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Makes the hart stop within about a millisecond, or at once when it is run next. From any thread.</summary>
    public void Stop()
    {
        _isStopped = true;
        _hart.RequestStop();
    }

    /// <summary>Makes <see cref="Run"/> return when the handler that calls this has.</summary>
    public void Halt() => _isHalted = true;

    internal void Free()
    {
        BeginCall();
        _isRunning = true;
        _compiler?.EndCalls(_hart);
        _hart.Dispose();
    }

    private HartHeader* State
    {
        get
        {
            ObjectDisposedException.ThrowIf(_hart.State == null, this);
            return _state;
        }
    }

    private ulong* Register(int offset) => (ulong*)((byte*)State + offset);

    private int Find(string name, out int index)
    {
        ObjectDisposedException.ThrowIf(_hart.State == null, this);
        return Machine.Architecture.TryFindRegister(name, out var file, out index)
            ? file
            : throw new ArgumentException($"{Machine.Architecture.Name} has no register '{name}'.", nameof(name));
    }

    private void ThrowRunning()
    {
        ObjectDisposedException.ThrowIf(_hart.State == null, this);
        throw new InvalidOperationException("The hart is running.");
    }

    private HartExit Execute(long budget, CancellationToken cancellation)
    {
        _isHalted = false;
        for (; ; )
        {
            if (_isHalted)
                return Exit(HartExitReason.Halt);
            var before = _state->RetiredBase - _state->Budget;
            var reason = budget > 0 ? Machine.Engine.Run(_hart, budget) : ExitReason.Budget;
            if (budget != long.MaxValue)
                budget -= _state->RetiredBase - _state->Budget - before;
            if (reason == ExitReason.Budget)
            {
                cancellation.ThrowIfCancellationRequested();
                if (_isStopped)
                {
                    _isStopped = false;
                    return Exit(HartExitReason.Stopped);
                }
                if (budget <= 0)
                    return Exit(HartExitReason.Budget);
            }
            else if (!TryHandle(reason, out var exit))
                return exit;
        }
    }

    // False when it is for the caller of Run.
    private bool TryHandle(ExitReason reason, out HartExit exit)
    {
        exit = Exit(HartExitReason.Fault);
        switch (reason)
        {
            case ExitReason.EnvironmentCall:
                _state->Pc += (ulong)Machine.Architecture.CallLength;
                if (Machine.Hypercall is { } handler)
                {
                    handler(this);
                    return true;
                }
                exit = exit with { Reason = HartExitReason.Hypercall };
                return false;
            case ExitReason.Breakpoint:
                exit = exit with { Reason = HartExitReason.Debug };
                return false;
            case ExitReason.WaitForInterrupt:
                exit = exit with { Reason = HartExitReason.Halt };
                return false;
            case ExitReason.MemoryFault when IsMmio:
                return TryMmio(out exit);
            case ExitReason.MemoryFault or ExitReason.MisalignedAccess:
                exit = exit with
                {
                    Fault = reason == ExitReason.MemoryFault ? FaultKind.Memory : FaultKind.Misaligned,
                    Address = _state->FaultAddress,
                    Access = _state->FaultAccess switch { AccessKind.Read => MemoryAccess.Read, AccessKind.Write => MemoryAccess.Write, _ => MemoryAccess.Execute },
                };
                return false;
            default:
                exit = exit with { Fault = FaultKind.IllegalInstruction };
                return false;
        }
    }

    private HartExit Exit(HartExitReason reason) => new() { Reason = reason, Pc = _state->Pc };
}
