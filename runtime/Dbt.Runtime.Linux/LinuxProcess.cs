using System.Runtime.InteropServices;
using System.Text;
using Dbt.Isa;
using Dbt.Runtime.Faults;
using Dbt.Runtime.Linux.FileSystem;
using Dbt.Runtime.Linux.Processes;
using Dbt.Runtime.Linux.Syscalls;
using Dbt.Runtime.Linux.Tracing;
using Dbt.Runtime.Memory;
using Dbt.Translator;
using Dbt.Translator.Engines;
using Dbt.Translator.Hypercalls;

namespace Dbt.Runtime.Linux;

/// <summary>
/// A Linux program in user mode: its instructions are executed by an engine, its system calls by the host. Standard input,
/// output and error, the working directory, the user and the process number are this process's own, so there should be
/// one guest per host process. Threads, signals from outside, fork and sockets are not there yet.
/// </summary>
public sealed unsafe class LinuxProcess : IDisposable
{
    private readonly LinuxProcessOptions _options;
    private readonly GuestThread _thread;
    private readonly SyscallTracer? _tracer;
    private readonly List<LoadedFile> _images;
    private readonly SymbolLookup _symbols;

    private LinuxProcess(
        LinuxProcessOptions options, IEngine engine, GuestThread thread, List<LoadedFile> images)
    {
        _options = options;
        Engine = engine;
        _thread = thread;
        _images = images;
        _symbols = new SymbolLookup(Memory, images);
        _tracer = options.Trace is null ? null : new SyscallTracer(options.Trace);
        HostFaults.AddWindow(Memory.Base - GuestMemory.GuardSize, Memory.Size + 2 * GuestMemory.GuardSize);
        Memory.ExecutableChanged += engine.Invalidate;
        Memory.WritableShared += engine.ShareMemory;
        if (!options.PatchesCalls || options.Trace != null || options.Allow != null)
            return;
        Hypercalls = PatchedCalls.Create(options.Isa, options.Abi);
        engine.UseHypercalls(Hypercalls);
    }

    /// <summary>Executes the guest.</summary>
    public IEngine Engine { get; }

    /// <summary>The guest's address space.</summary>
    public GuestMemory Memory => _thread.Memory;

    /// <summary>The registers of the guest's first thread.</summary>
    public Hart Hart => _thread.Hart;

    /// <summary>Guest instructions executed so far.</summary>
    public long Instructions => Hart.State->RetiredBase - Hart.State->Budget;

    /// <summary>What becomes of system calls that do not come here; null when all do.</summary>
    public HypercallTable? Hypercalls { get; }

    /// <summary>What is loaded: the program and its interpreter.</summary>
    public IReadOnlyList<LoadedFile> Images => _images;

    /// <summary>Loads a program and its interpreter; nothing is executed yet.</summary>
    /// <exception cref="LinuxStartException">It cannot be started.</exception>
    public static LinuxProcess Create(LinuxProcessOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        GuestMemory? memory = null;
        Hart? hart = null;
        try
        {
            memory = new GuestMemory(options.AddressSpace, options.MemoryLimit);
            hart = new Hart(options.Isa, options.Extensions ?? options.Isa.DefaultExtensions, memory);
            hart.State->Memory = memory.Base;
            hart.State->MemoryLimit = memory.Size;
            return Create(options, memory, hart);
        }
        catch (Exception e)
        {
            hart?.Dispose();
            memory?.Dispose();
            if (e is InsufficientMemoryException or DirectoryNotFoundException)
                throw new LinuxStartException(e.Message, LinuxStartException.NotExecutable);
            throw;
        }
    }

    /// <summary>
    /// Runs the guest to its end and returns its exit code: what it passed to exit (its low 8 bits), 128 + n when signal n killed it,
    /// 124 when it used up its instructions. Why it was killed is written to <see cref="LinuxProcessOptions.Diagnostics"/>.
    /// </summary>
    /// <param name="cancellation">Stops the guest at its next safe point; a system call that waits is not broken off.</param>
    /// <exception cref="OperationCanceledException">It was stopped. It may be run on.</exception>
    public int Run(CancellationToken cancellation = default)
    {
        using var stop = cancellation.UnsafeRegister(hart => ((Hart)hart!).RequestStop(), Hart);
        using var faults = HostFaults.RegisterCurrentThread(Hart.State);
        while (_thread.Process.End is null)
        {
            var reason = Engine.Run(Hart, _options.MaximumInstructions == long.MaxValue ? long.MaxValue : _options.MaximumInstructions - Instructions);
            switch (reason)
            {
                case ExitReason.EnvironmentCall:
                    Call();
                    break;
                case ExitReason.Budget when Instructions >= _options.MaximumInstructions:
                    _thread.Process.Finish(new ProcessEnd(
                        ProcessEnd.BudgetExitCode, Details: $"guest stopped after {Instructions} instructions (--max-instructions) at pc {Describe(Hart.State->Pc)}"));
                    break;
                case ExitReason.Budget:
                    cancellation.ThrowIfCancellationRequested();
                    break;
                default:
                    Fault(reason);
                    break;
            }
        }
        var end = _thread.Process.End;
        Report(end);
        return end.ExitCode;
    }

    /// <summary>
    /// A guest address by its symbol or else by its file, <c>main+0x1c</c> or <c>libc.so.6+0x2f10</c>; null when it is in no file.
    /// Safe from any thread.
    /// </summary>
    public string? NameOf(ulong address) => _symbols.NameOf(address);

    /// <summary>Closes the guest's files and frees its memory and registers, and the engine. The guest must not be running.</summary>
    public void Dispose()
    {
        _thread.Files.Dispose();
        Memory.ExecutableChanged -= Engine.Invalidate;
        Memory.WritableShared -= Engine.ShareMemory;
        HostFaults.RemoveWindow(Memory.Base - GuestMemory.GuardSize);
        Engine.Dispose();
        Hypercalls?.Dispose();
        Hart.Dispose();
        Memory.Dispose();
    }

    private static LinuxProcess Create(LinuxProcessOptions options, GuestMemory memory, Hart hart)
    {
        var files = FileTable.Inherit(options.StandardFiles);
        try
        {
            return Create(options, memory, hart, files);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    private static LinuxProcess Create(LinuxProcessOptions options, GuestMemory memory, Hart hart, FileTable files)
    {
        var program = ProgramImage.Load(options, memory, files);
        var arguments = new byte[1 + options.Arguments.Count][];
        arguments[0] = Encoding.UTF8.GetBytes(options.ArgumentZero ?? options.Program);
        for (var i = 1; i < arguments.Length; i++)
            arguments[i] = Encoding.UTF8.GetBytes(options.Arguments[i - 1]);
        var environment = new byte[options.Environment.Count][];
        for (var i = 0; i < environment.Length; i++)
            environment[i] = Encoding.UTF8.GetBytes(options.Environment[i]);
        var path = program.Paths.GuestPath(Encoding.UTF8.GetBytes(program.Path)).ToArray();
        var stackPointer = InitialStack.Build(
            memory,
            program.StackEnd,
            arguments,
            environment,
            program.Program,
            program.Interpreter?.Bias ?? 0,
            options.Abi.HardwareCapabilities(hart.Isa, hart.Extensions),
            path,
            out var auxiliaryVector);
        options.Abi.Start(hart, (program.Interpreter ?? program.Program).Entry, stackPointer);

        var engine = options.CreateEngine(options.Isa);
        var state = new GuestProcess
        {
            Memory = memory,
            Abi = options.Abi,
            Files = files,
            Paths = program.Paths,
            FlushCode = engine.InvalidateChanged,
            RequirePreciseFaults = engine.RequirePreciseFaults,
            Break = new ProgramBreak(program.Program.End),
            CommandLine = Join(arguments),
            Environment = Join(environment),
            AuxiliaryVector = auxiliaryVector,
            InitialStackPointer = stackPointer,
            SignalReturn = MapSignalReturn(memory, options.Abi.SignalReturnCode),
            Name = Encoding.UTF8.GetBytes(Path.GetFileName(program.Path))[..Math.Min(15, Encoding.UTF8.GetByteCount(Path.GetFileName(program.Path)))],
        };
        return new LinuxProcess(options, engine, new GuestThread(state, hart), program.Images);
    }

    // Linux has this code in its vDSO.
    private static ulong MapSignalReturn(GuestMemory memory, ReadOnlySpan<byte> code)
    {
        if (code.IsEmpty)
            return 0;
        if (memory.Map(0, GuestMemory.PageSize, MemoryProtection.ReadWrite, MapFlags.None, out var address, "[sigpage]") != MemoryError.None
            || !memory.TryWrite(address, code)
            || memory.Protect(address, GuestMemory.PageSize, MemoryProtection.Read | MemoryProtection.Execute) != MemoryError.None)
            throw new LinuxStartException("no memory for the return from signal handlers", LinuxStartException.NotExecutable);
        return address;
    }

    // Each with a null behind it.
    private static byte[] Join(byte[][] texts)
    {
        var joined = new MemoryStream();
        foreach (var text in texts)
        {
            joined.Write(text);
            joined.WriteByte(0);
        }
        return joined.ToArray();
    }

    private void Call()
    {
        var number = _options.Abi.CallNumber(Hart);
        var arguments = _options.Abi.CallArguments(Hart);
        long result;
        Exception? failure = null;
        try
        {
            result = _options.Allow?.Invoke((SyscallNumber)number) ?? true ? SyscallDispatcher.Dispatch(_thread, number, arguments) : -Errno.EPERM;
        }
        catch (Exception e)
        {
            // The last resort: a guest must not be able to end the runtime, whatever it passes.
            (result, failure) = (e is OutOfMemoryException ? -Errno.ENOMEM : -Errno.EIO, e);
        }
        _tracer?.Report(_thread, number, arguments, result, failure);
        if (_thread.Process.End is null && result != -Errno.ESIGRETURN)
            _options.Abi.CompleteCall(Hart, result);
        _thread.Signals.DeliverPending();
    }

    private void Fault(ExitReason reason)
    {
        var info = SignalOf(reason);
        if (!_thread.Signals.TryDeliver(info))
            _thread.Process.Finish(ProcessEnd.BySignal(info.Signal, Describe(reason)));
    }

    private SignalInfo SignalOf(ExitReason reason)
    {
        var state = Hart.State;
        return reason switch
        {
            ExitReason.MemoryFault when state->FaultSignal == (int)Signal.SIGBUS => SignalInfo.OfFault(Signal.SIGBUS, SignalCode.NoMemory, state->FaultAddress),
            ExitReason.MemoryFault => SignalInfo.OfFault(
                Signal.SIGSEGV, Memory.Find(state->FaultAddress) is null ? SignalCode.NotMapped : SignalCode.NotAllowed, state->FaultAddress),
            ExitReason.MisalignedAccess => SignalInfo.OfFault(Signal.SIGBUS, SignalCode.Misaligned, state->FaultAddress),
            ExitReason.Breakpoint => SignalInfo.OfFault(Signal.SIGTRAP, SignalCode.Breakpoint, state->Pc),
            _ => SignalInfo.OfFault(Signal.SIGILL, SignalCode.IllegalInstruction, state->Pc),
        };
    }

    private string Describe(ExitReason reason)
    {
        var state = Hart.State;
        var pc = Describe(state->Pc);
        return reason switch
        {
            ExitReason.MemoryFault when state->FaultAccess == AccessKind.Execute => $"jump to 0x{state->FaultAddress:x}, which may not be executed",
            ExitReason.MemoryFault =>
                $"{(state->FaultAccess == AccessKind.Write ? "store to" : "load from")} 0x{state->FaultAddress:x}{Hint(state->FaultAddress)} at pc {pc}",
            ExitReason.MisalignedAccess => $"misaligned access to 0x{state->FaultAddress:x} at pc {pc}",
            ExitReason.Breakpoint => $"breakpoint at pc {pc}",
            _ => $"illegal instruction{Bits(state->Pc)} at pc {pc}",
        };
    }

    private string Bits(ulong pc)
    {
        Span<byte> bytes = stackalloc byte[4];
        if (Memory.Fetch(pc, bytes) < 2)
            return "";
        var first = MemoryMarshal.Read<ushort>(bytes);
        return Hart.Isa.LengthOf(first) == sizeof(ushort) ? $" 0x{first:x4}" : $" 0x{MemoryMarshal.Read<uint>(bytes):x8}";
    }

    private string Hint(ulong address) =>
        Memory.Find(address)?.Name == "[guard]" ? " (stack overflow)" : address < GuestMemory.PageSize ? " (null pointer)" : "";

    private string Describe(ulong address) => _symbols.Describe(address);

    private void Report(ProcessEnd end)
    {
        if (end.Signal != Signal.None && !SignalTable.IsError(end.Signal) || end.Signal == Signal.None && end.Details.Length == 0)
            return;
        var text = end.Signal == Signal.None ? end.Details : end.Details.Length == 0
            ? $"guest killed by {end.Signal} at pc {Describe(Hart.State->Pc)}"
            : $"guest killed by {end.Signal}: {end.Details}";
        _options.Diagnostics?.WriteLine($"dbt: {text}");
        _options.Diagnostics?.Flush();
    }
}
