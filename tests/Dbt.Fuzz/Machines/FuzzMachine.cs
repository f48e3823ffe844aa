using Dbt.Fuzz.Programs;
using Dbt.Isa;
using Dbt.Runtime.Faults;
using Dbt.Runtime.Memory;
using Dbt.Translator;
using Dbt.Translator.Engines;

namespace Dbt.Fuzz.Machines;

/// <summary>A hart with memory and an engine, which runs the programs of one batch after the other. For one thread.</summary>
internal sealed unsafe class FuzzMachine : IDisposable
{
    // Those that a program can reach beside its slot and write.
    private static readonly ulong[] s_sharedPages = [Layout.Edges + Layout.Page, Layout.Edges + 3 * Layout.Page];

    private readonly FuzzGuest _guest;
    private readonly EngineConfiguration _configuration;
    private readonly GuestMemory _memory = new(Layout.MemoryEnd);
    private readonly Hart _hart;
    private IEngine _engine;
    private Batch? _batch;

    public FuzzMachine(FuzzGuest guest, EngineConfiguration configuration)
    {
        _guest = guest;
        _configuration = configuration;
        _engine = configuration.Create(guest);
        _hart = new Hart(guest.Isa, guest.Generator.Catalog.Extensions, _memory);
        _hart.State->Memory = _memory.Base;
        _hart.State->MemoryLimit = _memory.Size;
        _hart.Poll.FailsAlways = configuration.PollsFail;
    }

    public string Name => _configuration.Name;

    /// <summary>What is loaded.</summary>
    public Batch Batch => _batch ?? throw new InvalidOperationException("Nothing is loaded.");

    /// <summary>Index of the program that was started last.</summary>
    public int Index { get; private set; }

    public HartHeader* State => _hart.State;

    /// <summary>What the engine has done since the batch was loaded.</summary>
    public EngineStatistics Statistics => _engine.Statistics;

    /// <summary>Whether the program has run to its end.</summary>
    public bool IsFinished => State->Exit == ExitReason.Breakpoint && State->Pc == _batch!.Programs[Index].End;

    /// <summary>Replaces whatever was loaded before. What programs of the same batch left in memory outside of their slots goes, too.</summary>
    public void Load(Batch batch)
    {
        if (_batch == batch)
        {
            _memory.TryWrite(Layout.Data, batch.Data);
            return;
        }
        _batch = batch;
        _engine.Dispose();
        _engine = _configuration.Create(_guest);
        Check(_memory.Unmap(0, _memory.Size));
        Check(_memory.Map(Layout.Code, (ulong)batch.Code.Length, MemoryProtection.ReadWrite, MapFlags.Fixed, out _));
        // Programs write code into their slots.
        Check(_memory.Map(Layout.Data, (ulong)batch.Data.Length, MemoryProtection.All, MapFlags.Fixed, out _));
        Check(_memory.Map(Layout.Edges, Layout.EdgesEnd - Layout.Edges, MemoryProtection.ReadWrite, MapFlags.Fixed, out _));
        Check(_memory.Protect(Layout.Edges, Layout.Page, MemoryProtection.Read));
        Check(_memory.Protect(Layout.Edges + 2 * Layout.Page, Layout.Page, MemoryProtection.None));
        if (!_memory.TryWrite(Layout.Code, batch.Code) || !_memory.TryWrite(Layout.Data, batch.Data))
            throw new InvalidOperationException("The batch was not written.");
        // Not writable: a wild store must not change code, of which engines need to take note at a fence only.
        Check(_memory.Protect(Layout.Code, (ulong)batch.Code.Length, MemoryProtection.ReadExecute));
    }

    /// <summary>Sets registers and memory as the program finds them.</summary>
    public void Start(int index)
    {
        var batch = _batch!;
        Index = index;
        var slot = batch.Data.AsSpan(Layout.Slot(index), Layout.SlotSize);
        _memory.TryWrite(Layout.Middle(index) - Layout.Reach, slot);
        foreach (var page in s_sharedPages)
            new Span<byte>(_memory.Base + page, (int)Layout.Page).Clear();
        var images = slot[Layout.Reach..];
        for (var i = 0; i < 32; i++)
        {
            _hart.SetRegister(0, i, BitConverter.ToUInt64(images[(Layout.Integers + i * 8)..]));
            _hart.SetRegister(1, i, BitConverter.ToUInt64(images[(Layout.Floats + i * 8)..]));
        }
        var fcsr = BitConverter.ToUInt32(images[Layout.Fcsr..]);
        State->FpFlags = fcsr & 31;
        State->FpRounding = fcsr >> 5;
        State->Pc = batch.Programs[index].Address;
        State->ReservationAddress = HartHeader.NoReservation;
        State->ReservationValue = 0;
        State->RetiredBase = 0;
        State->CountIsRead = 0;
        State->Budget = 0;
        State->FaultAddress = 0;
        State->FaultAccess = 0;
    }

    /// <summary>Lets this thread run the machine until the scope is disposed.</summary>
    public ThreadFaultScope Enter() => HostFaults.RegisterCurrentThread(State);

    /// <summary>Runs so many instructions at most; without a limit where they are not counted.</summary>
    public ExitReason Run(long budget) => _engine.Run(_hart, _configuration.Counts ? budget : long.MaxValue);

    /// <summary>The program's slot as the frame under QEMU leaves it: memory, and the registers in their images.</summary>
    public void ReadSlot(Span<byte> slot)
    {
        if (!_memory.TryRead(Layout.Middle(Index) - Layout.Reach, slot))
            throw new InvalidOperationException("The slot was not read.");
        var images = slot[Layout.Reach..];
        for (var i = 0; i < 32; i++)
        {
            if (i != 0)
                _hart.RegisterBytes(0, i).CopyTo(images[(Layout.Integers + i * 8)..]);
            _hart.RegisterBytes(1, i).CopyTo(images[(Layout.Floats + i * 8)..]);
        }
        BitConverter.TryWriteBytes(images[Layout.Fcsr..], State->FpRounding << 5 | State->FpFlags);
    }

    /// <summary>The first thing in which this machine is not as the other; null when there is none.</summary>
    public string? FirstDifference(FuzzMachine other)
    {
        var difference = new StateDifference(Name, other.Name) { ComparesCounts = _configuration.Counts };
        var start = Layout.Middle(Index) - Layout.Reach;
        return difference.Find(_hart, other._hart)
            ?? difference.FindInMemory(Memory(start, 2 * Layout.Reach), other.Memory(start, 2 * Layout.Reach), start)
            ?? s_sharedPages.Select(page => difference.FindInMemory(Memory(page, (int)Layout.Page), other.Memory(page, (int)Layout.Page), page))
                .FirstOrDefault(found => found is not null);
    }

    public void Dispose()
    {
        _engine.Dispose();
        _hart.Dispose();
        _memory.Dispose();
    }

    private ReadOnlySpan<byte> Memory(ulong start, int length) => new(_memory.Base + start, length);

    private static void Check(MemoryError error)
    {
        if (error != MemoryError.None)
            throw new InvalidOperationException($"Guest memory: {error}.");
    }
}
