using System.Runtime.InteropServices;
using Dbt.Isa;
using Dbt.Isa.Systems;

namespace Dbt.Translator;

/// <summary>A hardware thread of a guest: its state in unmanaged memory, and what it fetches from. Run by one host thread at a time.</summary>
public sealed unsafe class Hart : IDisposable
{
    private readonly byte* _memory;
    private GCHandle _self;
    private volatile bool _stopRequested;

    /// <summary>
    /// Creates a hart with every register zero and nothing reserved. <see cref="HartHeader.Memory"/> and
    /// <see cref="HartHeader.MemoryLimit"/> are for whoever owns the guest's memory to fill, <see cref="HartHeader.HostFault"/> for the
    /// thread that runs the hart, <see cref="HartHeader.JumpCache"/> for the engine.
    /// </summary>
    /// <param name="isa">The instruction set and register width.</param>
    /// <param name="extensions">Extensions that are on.</param>
    /// <param name="code">Where instructions come from.</param>
    public Hart(GuestIsa isa, ExtensionSet extensions, IGuestCode code)
    {
        ArgumentNullException.ThrowIfNull(isa);
        ArgumentNullException.ThrowIfNull(code);
        ArgumentOutOfRangeException.ThrowIfLessThan(isa.StateSize, sizeof(HartHeader), nameof(isa));
        Isa = isa;
        Extensions = extensions;
        Code = code;
        // Whole pages: the first one is protected at times.
        var bytes = (nuint)(PollPage.Size + isa.StateSize + PollPage.Size - 1) & ~(nuint)(PollPage.Size - 1);
        _memory = (byte*)NativeMemory.AlignedAlloc(bytes, PollPage.Size);
        NativeMemory.Clear(_memory, bytes);
        State = (HartHeader*)(_memory + PollPage.Size);
        Poll = new PollPage(_memory);
        _self = GCHandle.Alloc(this, GCHandleType.Weak);
        State->Owner = GCHandle.ToIntPtr(_self);
        State->Extensions = extensions;
        State->ReservationAddress = HartHeader.NoReservation;
    }

    /// <summary>Frees the state of a hart that nobody disposed.</summary>
    ~Hart() => Free();

    /// <summary>The instruction set and register width.</summary>
    public GuestIsa Isa { get; }

    /// <summary>Extensions that are on; anything else is an illegal instruction.</summary>
    public ExtensionSet Extensions { get; }

    /// <summary>Where instructions come from.</summary>
    public IGuestCode Code { get; }

    /// <summary>The state that engines work on; <see cref="GuestIsa.StateSize"/> bytes, zeroed at creation. Null after <see cref="Dispose"/>.</summary>
    public HartHeader* State { get; private set; }

    /// <summary>Where translated code is asked to come back to its engine.</summary>
    internal PollPage Poll { get; }

    /// <summary>What the engine that ran this hart last keeps for it.</summary>
    internal object? EngineData { get; set; }

    /// <summary>
    /// Makes the engine that runs this hart return Budget within about a millisecond; when none does, the next run returns at once.
    /// Safe from any thread.
    /// </summary>
    public void RequestStop()
    {
        _stopRequested = true;
        Poll.Request();
        if (Isa.SystemOf(State) is not null and var system)
            SystemAccess.Request(system, SystemAttention.Requested);
    }

    /// <summary>Whether a stop was requested that nobody has taken yet.</summary>
    internal bool IsStopRequested => _stopRequested;

    /// <summary>Whether a stop was requested since the last call. For engines, which return when it was.</summary>
    public bool TakeStopRequest()
    {
        var requested = _stopRequested;
        if (requested)
            _stopRequested = false;
        return requested;
    }

    /// <summary>The hart whose state this is, as callbacks from compiled code find it.</summary>
    public static Hart FromState(HartHeader* state) => (Hart)GCHandle.FromIntPtr(state->Owner).Target!;

    /// <summary>The bytes of one register as they lie in the state: <see cref="RegisterFileInfo.Width"/> / 8 of them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such register file or register.</exception>
    public Span<byte> RegisterBytes(int file, int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)file, (uint)Isa.RegisterFiles.Count, nameof(file));
        var info = Isa.RegisterFiles[file];
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)info.Count, nameof(index));
        ObjectDisposedException.ThrowIf(State == null, this);
        return new Span<byte>((byte*)State + info.Offset + (nint)index * info.Stride, info.Width / 8);
    }

    /// <summary>The low 64 bits of a register, zero-extended when it is narrower.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such register file or register.</exception>
    public ulong GetRegister(int file, int index)
    {
        ulong value = 0;
        var bytes = RegisterBytes(file, index);
        if (index != Isa.RegisterFiles[file].ZeroRegister)
            bytes[..Math.Min(bytes.Length, sizeof(ulong))].CopyTo(new Span<byte>(&value, sizeof(ulong)));
        return value;
    }

    /// <summary>Writes a register: what does not fit is cut off, bits above the 64th become zero, the zero register stays zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such register file or register.</exception>
    public void SetRegister(int file, int index, ulong value)
    {
        var bytes = RegisterBytes(file, index);
        if (index == Isa.RegisterFiles[file].ZeroRegister)
            return;
        var info = Isa.RegisterFiles[file];
        if (info.Width < info.Stride * 8)
        {
            // A narrow register is kept sign-extended in its slot.
            var unused = 64 - info.Width;
            value = (ulong)((long)(value << unused) >> unused);
            bytes = new Span<byte>((byte*)State + info.Offset + (nint)index * info.Stride, info.Stride);
        }
        var low = Math.Min(bytes.Length, sizeof(ulong));
        new Span<byte>(&value, low).CopyTo(bytes);
        bytes[low..].Clear();
    }

    /// <summary>Finds a register by its ABI name (<c>a0</c>) or by file and number (<c>x10</c>).</summary>
    public bool TryFindRegister(string name, out int file, out int index)
    {
        for (file = 0; file < Isa.RegisterFiles.Count; file++)
        {
            var info = Isa.RegisterFiles[file];
            for (index = 0; index < info.Count; index++)
                if (index < info.Names.Count && info.Names[index] == name || name == $"{info.Name}{index}")
                    return true;
        }
        file = index = -1;
        return false;
    }

    /// <summary>A register, or <c>pc</c>, by name; see <see cref="TryFindRegister"/>. For tests and tools: it searches.</summary>
    /// <exception cref="ArgumentException">No register has that name.</exception>
    public ulong this[string name]
    {
        get => name == "pc" ? State->Pc : TryFindRegister(name, out var file, out var index) ? GetRegister(file, index) : throw Unknown(name);
        set
        {
            if (name == "pc")
                State->Pc = value;
            else if (TryFindRegister(name, out var file, out var index))
                SetRegister(file, index, value);
            else
                throw Unknown(name);
        }
    }

    /// <summary>Frees the state. No thread may be running the hart.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private ArgumentException Unknown(string name) => new($"{Isa.Name} has no register {name}.", nameof(name));

    private void Free()
    {
        if (State != null)
        {
            Poll.Close();
            NativeMemory.AlignedFree(_memory);
        }
        State = null;
        if (_self.IsAllocated)
            _self.Free();
    }
}
