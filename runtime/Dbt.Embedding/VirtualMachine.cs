using Dbt.Embedding.Guests;
using Dbt.Isa;
using Dbt.Runtime.Elf;
using Dbt.Runtime.Memory;
using Dbt.Translator.Engines;
using Dbt.Translator.Semantics;

namespace Dbt.Embedding;

/// <summary>
/// A guest without an operating system: memory, devices and harts of this process's making, of which the guest gets nothing that it was not given. Its harts are
/// in user mode, and what they ask for by environment calls is answered by <see cref="Hypercall"/>.
/// <code>
/// using var machine = new VirtualMachine();
/// machine.Load("fib.elf");
/// Console.WriteLine(machine.Call("fib", 10));
/// </code>
/// Members are safe from any thread, but for a hart, which is one thread's at a time. There may be many machines in a process.
/// </summary>
public sealed partial class VirtualMachine : IDisposable
{
    private const long LeastTranslationBytes = 1L << 20;

    private readonly Lock _lock = new();
    private readonly List<VirtualHart> _harts = [];
    private readonly List<GuestImage> _images = [];
    private readonly Dictionary<string, GuestFunction> _functions = [];
    private VirtualHart? _caller;
    private MmioRegion[] _devices = [];
    private bool _isDisposed;

    /// <summary>A machine without memory or harts.</summary>
    /// <param name="options">What it is like; the defaults when null.</param>
    /// <exception cref="PlatformNotSupportedException">The host is not x86-64 Linux; see <see cref="Hypervisor.IsSupported"/>.</exception>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    /// <exception cref="InsufficientMemoryException">The host has no room for its address space.</exception>
    public VirtualMachine(VirtualMachineOptions? options = null)
    {
        Options = options ?? new VirtualMachineOptions();
        Architecture = GuestArchitecture.All.FirstOrDefault(guest => guest.Name == Options.Guest)
            ?? throw new ArgumentException($"There is no guest '{Options.Guest}', only {string.Join(", ", Hypervisor.Guests)}.", nameof(options));
        Extensions = Architecture.Isa.DefaultExtensions;
        if (Options.Isa is { } isa)
        {
            if (!IsaString.TryParse(Architecture.Isa, isa, out var extensions, out var error))
                throw new ArgumentException($"{isa}: {error}.", nameof(options));
            Extensions = extensions;
        }
        ArgumentOutOfRangeException.ThrowIfLessThan(Options.CallBudget, 1, nameof(options));
        Memory = new GuestMemory(Options.AddressSpace, Options.MemoryLimit);
        var settings = new EngineOptions { CacheBytes = Math.Max(LeastTranslationBytes, Options.TranslationBytes), CountsInstructions = false };
        if (Options.Engine == EngineKind.Compiler)
            settings = settings with { CompileThreshold = 0 };
        Compiler = Options.Engine != EngineKind.Interpreter && BaselineEngine.IsSupported ? new BaselineEngine(GuestLifters.For(Architecture.Isa), settings) : null;
        Engine = Compiler ?? (IEngine)new InterpreterEngine(Architecture.Isa, settings);
        Memory.ExecutableChanged += Engine.Invalidate;
    }

    /// <summary>What it was asked to be like.</summary>
    public VirtualMachineOptions Options { get; }

    /// <summary>Answers the environment calls of harts; without one, calls come out of <see cref="VirtualHart.Run"/>.</summary>
    public HypercallHandler? Hypercall { get; set; }

    /// <summary>The harts that there are.</summary>
    public IReadOnlyList<VirtualHart> Harts
    {
        get
        {
            lock (_lock)
                return [.. _harts];
        }
    }

    internal GuestArchitecture Architecture { get; }

    internal ExtensionSet Extensions { get; }

    internal GuestMemory Memory { get; }

    internal IEngine Engine { get; }

    /// <summary>The engine, when it compiles.</summary>
    internal BaselineEngine? Compiler { get; }

    /// <summary>Where functions return to that this process calls: never mapped, so a hart that jumps there stops.</summary>
    internal ulong ReturnAddress => Memory.Size - GuestMemory.PageSize;

    /// <summary>Adds a hart, with all registers zero. It belongs to the machine.</summary>
    public VirtualHart CreateHart()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var hart = new VirtualHart(this, _harts.Count);
            _harts.Add(hart);
            return hart;
        }
    }

    /// <summary>Maps a program and makes its functions known to <see cref="Call(string, ReadOnlySpan{ulong})"/>.</summary>
    /// <param name="path">An ELF file, static or position-independent.</param>
    /// <exception cref="GuestImageException">It cannot be read, or is none.</exception>
    public GuestImage Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            return Load(File.ReadAllBytes(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new GuestImageException($"{path}: {error.Message}", error);
        }
        catch (GuestImageException error)
        {
            throw new GuestImageException($"{path}: {error.Message}", error);
        }
    }

    /// <summary>As <see cref="Load(string)"/>, from memory.</summary>
    /// <param name="file">The file's contents; they are copied.</param>
    /// <exception cref="GuestImageException">It is no program for this guest, or does not fit.</exception>
    public GuestImage Load(ReadOnlyMemory<byte> file)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        try
        {
            var elf = ElfFile.Parse(file, Architecture.Machine);
            if (elf.InterpreterPath is { } interpreter)
                throw new GuestImageException($"the program is dynamically linked ({interpreter}): link it statically");
            var image = new GuestImage(ElfLoader.Load(elf, Memory), elf.ReadSymbols());
            lock (_lock)
                _images.Add(image);
            return image;
        }
        catch (ElfException error)
        {
            throw new GuestImageException(error.Message, error);
        }
    }

    /// <summary>A function of a loaded program, ready to be called on a hart.</summary>
    /// <param name="name">Its symbol.</param>
    /// <param name="hart">Who executes it; one that the machine keeps for this when null.</param>
    /// <exception cref="ArgumentException">No program that was loaded has it.</exception>
    public GuestFunction GetFunction(string name, VirtualHart? hart = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        lock (_lock)
        {
            foreach (var image in _images)
                if (image.TryFindSymbol(name, out var address))
                    return GetFunction(address, hart);
        }
        throw new ArgumentException($"No program that was loaded has a function '{name}'.", nameof(name));
    }

    /// <summary>A function at an address, ready to be called on a hart.</summary>
    /// <param name="address">Its first instruction.</param>
    /// <param name="hart">Who executes it; one that the machine keeps for this when null.</param>
    public GuestFunction GetFunction(ulong address, VirtualHart? hart = null)
    {
        if (hart is not null && hart.Machine != this)
            throw new ArgumentException("The hart is another machine's.", nameof(hart));
        return new GuestFunction(hart ?? Caller(), address);
    }

    /// <summary>Calls a function of a loaded program, with integers or guest addresses, on a hart that the machine keeps for this.</summary>
    /// <param name="name">Its symbol.</param>
    /// <param name="arguments">As many as the guest passes in registers, at most.</param>
    /// <returns>What it returns, as far as that is an integer or an address.</returns>
    /// <exception cref="ArgumentException">There is no such function, or there are too many arguments.</exception>
    /// <exception cref="GuestException">It did not return.</exception>
    public ulong Call(string name, params ReadOnlySpan<ulong> arguments)
    {
        GuestFunction? function;
        lock (_lock)
        {
            if (!_functions.TryGetValue(name, out function))
                _functions[name] = function = GetFunction(name);
        }
        return function.Invoke(arguments);
    }

    /// <summary>Frees everything. No hart may be running.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
        }
        Memory.ExecutableChanged -= Engine.Invalidate;
        foreach (var hart in _harts)
            hart.Free();
        Engine.Dispose();
        Memory.Dispose();
    }

    internal ulong FindGlobalPointer()
    {
        lock (_lock)
        {
            foreach (var image in _images)
                if (image.TryFindSymbol(Architecture.GlobalPointerSymbol, out var address))
                    return address;
        }
        return 0;
    }

    private VirtualHart Caller()
    {
        lock (_lock)
            return _caller ??= CreateHart();
    }
}
