using System.Runtime.InteropServices;
using Dbt.Isa;

namespace Dbt.Translator.Hypercalls;

/// <summary>
/// A hypervisor's policy: what becomes of each call of its guest. An engine that uses it makes calls without returning to its caller, and patches
/// the sites of hot ones. Everything may be changed at any time from any thread; see translator/notes/0008-hypercalls.md.
/// </summary>
/// <remarks>
/// A change is atomic: there is a moment before which no hart gets the new handler and after which none begins the old one. It lies between call
/// and return of the method that makes it.
/// </remarks>
public sealed unsafe class HypercallTable : IDisposable
{
    /// <summary>Different calls that are told apart; the others are never patched, and counted together.</summary>
    public const int MostCalls = 511;

    // Of the calls that nobody tells apart; and what sites have where they know no call. It always traps.
    private const int Others = 0;

    private const int Buckets = 2048;
    private const int MostActions = 4096;

    private readonly RegisterFileInfo _file;
    private readonly Lock _gate = new();

    // Guards the making of cells: taken by engines too, which have locks of their own then.
    private readonly Lock _cellGate = new();
    private readonly HypercallCell* _cells;
    private readonly HypercallRecord* _records;
    private readonly Hypercall[] _actions = new Hypercall[MostActions];
    private readonly Dictionary<Hypercall, int> _numbers = [];
    private readonly Hypercall?[] _policies = new Hypercall?[MostCalls + 1];

    // Numbers of cells, 0 where there is none.
    private readonly short[] _buckets = new short[Buckets];
    private int _cellCount = 1;
    private int _actionCount = 1;
    private long _version;
    private bool _traced;
    private bool _disposed;
    private IHypercallCode? _code;

    /// <summary>A table in which every call traps.</summary>
    /// <param name="isa">The guest's instruction set.</param>
    /// <param name="convention">Where its calls pass what.</param>
    /// <exception cref="ArgumentException">The guest has no such registers.</exception>
    public HypercallTable(GuestIsa isa, HypercallConvention convention)
    {
        ArgumentNullException.ThrowIfNull(isa);
        ArgumentNullException.ThrowIfNull(convention);
        Isa = isa;
        _file = isa.RegisterFiles[0];
        Convention = convention;
        Check(convention.Number, nameof(convention));
        if (convention.HasFunction)
            Check(convention.Function, nameof(convention));
        for (var i = 0; i < convention.Arguments.Count; i++)
            Check(convention.Arguments[i], nameof(convention));
        for (var i = 0; i < convention.Results.Count; i++)
            Check(convention.Results[i], nameof(convention));
        _cells = (HypercallCell*)NativeMemory.AllocZeroed(MostCalls + 1, (nuint)sizeof(HypercallCell));
        _records = (HypercallRecord*)NativeMemory.AllocZeroed(MostActions, (nuint)sizeof(HypercallRecord));
        _actions[0] = Hypercall.Trap;
        _numbers.Add(Hypercall.Trap, 0);
        _cells[Others].Action = TrapRecord;
    }

    /// <summary>Frees a table that nobody disposed.</summary>
    ~HypercallTable() => Free();

    /// <summary>The guest's instruction set.</summary>
    public GuestIsa Isa { get; }

    /// <summary>Where calls pass what.</summary>
    public HypercallConvention Convention { get; }

    /// <summary>Number of changes so far.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>
    /// Every call returns to the engine's caller, whatever else is said of it: somebody wants to see all. Taken back, all is as it was, and
    /// changes made meanwhile take effect.
    /// </summary>
    public bool IsTraced
    {
        get
        {
            lock (_gate)
                return _traced;
        }

        set
        {
            lock (_gate)
            {
                if (_traced == value)
                    return;
                _traced = value;
                for (var i = 1; i < Volatile.Read(ref _cellCount); i++)
                    Replace(&_cells[i], RecordFor(_policies[i]));
            }
        }
    }

    /// <summary>The calls that were made or are spoken of, those made most often first.</summary>
    public IReadOnlyList<HypercallCount> Counts
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var counts = new List<HypercallCount>();
            lock (_gate)
            {
                for (var i = 1; i < Volatile.Read(ref _cellCount); i++)
                    counts.Add(Describe(i));
                if (_cells[Others].Exits != 0)
                    counts.Add(Describe(Others));
            }
            counts.Sort((left, right) => right.Total.CompareTo(left.Total));
            return counts;
        }
    }

    /// <summary>Number of sites in translations now, by what they do.</summary>
    public IReadOnlyDictionary<HypercallSiteState, int> Sites
    {
        get
        {
            IHypercallCode? code;
            lock (_gate)
                code = _code;
            var counts = code?.CountSites() ?? new int[3];
            return new Dictionary<HypercallSiteState, int>
            {
                [HypercallSiteState.Exit] = counts[(int)HypercallSiteState.Exit],
                [HypercallSiteState.Cached] = counts[(int)HypercallSiteState.Cached],
                [HypercallSiteState.Inlined] = counts[(int)HypercallSiteState.Inlined],
            };
        }
    }

    /// <summary>Says what becomes of a call from now on, whatever was said before. When this returns, no hart begins the former handler any more.</summary>
    /// <exception cref="ArgumentException">A step names a register that the guest has not, or its zero register.</exception>
    /// <exception cref="InvalidOperationException">There are too many different calls (<see cref="MostCalls"/>) or handlers.</exception>
    public void Set(HypercallKey key, Hypercall action)
    {
        ArgumentNullException.ThrowIfNull(action);
        for (var i = 0; i < action.StepCount; i++)
            if (action.StepAt(i).Kind != HypercallStepKind.Add)
                Check(action.StepAt(i).Register, nameof(action));
        if (action.Query is { } query && (Convention.Arguments.Count < query.Arguments || Convention.Results.Count == 0))
            throw new ArgumentException("The guest's calls have not so many arguments, or no result.", nameof(action));
        Change(key, action);
    }

    /// <summary>The call traps from now on. False when nothing was said of it.</summary>
    public bool Remove(HypercallKey key) => Change(key, null) != null;

    /// <summary>What becomes of a call, when it is not <see cref="IsTraced"/>; null when nothing was said.</summary>
    public Hypercall? Find(HypercallKey key)
    {
        lock (_gate)
            {
            var cell = FindCell(key);
            return cell == null ? null : _policies[cell - _cells];
        }
    }

    /// <summary>Frees it. Engines that use it must be disposed.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>What a site has where it knows no call: a match of it leaves.</summary>
    internal HypercallCell* Nothing => &_cells[Others];

    /// <summary>The record of what leaves.</summary>
    internal HypercallRecord* TrapRecord => _records;

    /// <summary>From now on that engine's code follows the changes.</summary>
    /// <exception cref="InvalidOperationException">Another one's does.</exception>
    internal void Attach(IHypercallCode code)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_code != null && _code != code)
                throw new InvalidOperationException("One engine at a time has code for a table's calls.");
            _code = code;
        }
    }

    /// <summary>That engine has no code any more.</summary>
    internal void Detach(IHypercallCode code)
    {
        lock (_gate)
        {
            if (_code != code || _disposed)
                return;
            _code = null;
            for (var i = 0; i < _actionCount; i++)
            {
                _records[i].Code = null;
                _records[i].Slot = 0;
            }
        }
    }

    /// <summary>The call that a hart makes, whose state is complete.</summary>
    internal HypercallCell* CellOf(HartHeader* state) =>
        CellOf(new HypercallKey(Read(state, Convention.Number), Convention.HasFunction ? Read(state, Convention.Function) : 0));

    /// <summary>A call's cell. Takes no lock of those that <see cref="IHypercallCode"/> may wait for.</summary>
    internal HypercallCell* CellOf(HypercallKey key)
    {
        var cell = FindCell(key);
        if (cell != null)
            return cell;
        lock (_cellGate)
        {
            cell = FindCell(key);
            if (cell != null)
                return cell;
            if (_cellCount > MostCalls)
                return Nothing;
            cell = &_cells[_cellCount];
            cell->Number = key.Number;
            cell->Function = key.Function;
            cell->Action = TrapRecord;
            var bucket = BucketOf(key);
            while (_buckets[bucket] != 0)
                bucket = bucket + 1 & Buckets - 1;
            Volatile.Write(ref _buckets[bucket], (short)_cellCount);
            Volatile.Write(ref _cellCount, _cellCount + 1);
            return cell;
        }
    }

    /// <summary>The action of a record.</summary>
    internal Hypercall ActionOf(HypercallRecord* record) => _actions[record->Number];

    /// <summary>Makes a call whose state is complete; false, and nothing has happened, when it is for the engine's caller.</summary>
    internal bool TryMake(HartHeader* state, HypercallCell* cell)
    {
        var record = (HypercallRecord*)Volatile.Read(ref *(nint*)&cell->Action);
        var made = ActionOf(record).TryMake(state, _file);
        Interlocked.Increment(ref (made ? ref cell->Handled : ref cell->Exits));
        return made;
    }

    private ulong Read(HartHeader* state, int register) => *(ulong*)((byte*)state + _file.Offset + (nint)register * _file.Stride);

    private Hypercall? Change(HypercallKey key, Hypercall? action)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var record = RecordFor(action);
            var cell = CellOf(key);
            if (cell == Nothing)
                throw new InvalidOperationException($"There are more than {MostCalls} different calls.");
            ref var policy = ref _policies[cell - _cells];
            var former = policy;
            policy = action;
            Replace(cell, record);
            _version++;
            return former;
        }
    }

    private void Replace(HypercallCell* cell, HypercallRecord* record)
    {
        if (_code != null)
            _code.Replace(cell, record);
        else
            Volatile.Write(ref *(nint*)&cell->Action, (nint)record);
    }

    private HypercallRecord* RecordFor(Hypercall? action)
    {
        if (action == null || _traced)
            return TrapRecord;
        if (_numbers.TryGetValue(action, out var number))
            return &_records[number];
        if (_actionCount == MostActions)
            throw new InvalidOperationException($"There are more than {MostActions} different handlers.");
        var record = &_records[_actionCount];
        record->Number = _actionCount;
        _numbers.Add(action, _actionCount);
        _actions[_actionCount++] = action;
        return record;
    }

    private HypercallCell* FindCell(HypercallKey key)
    {
        for (var bucket = BucketOf(key); Volatile.Read(ref _buckets[bucket]) is not 0 and var number; bucket = bucket + 1 & Buckets - 1)
            if (_cells[number].Number == key.Number && _cells[number].Function == key.Function)
                return &_cells[number];
        return null;
    }

    private static int BucketOf(HypercallKey key) =>
        (int)((key.Number ^ key.Function << 32) * 0x9E3779B97F4A7C15 >> 40) & Buckets - 1;

    private HypercallCount Describe(int cell)
    {
        ref var counts = ref _cells[cell];
        return new(
            new(counts.Number, counts.Function), _policies[cell]?.Kind, Interlocked.Read(ref counts.Exits), Interlocked.Read(ref counts.Handled),
            Interlocked.Read(ref counts.Cached), Interlocked.Read(ref counts.Inlined));
    }

    private void Check(int register, string parameter)
    {
        if ((uint)register >= (uint)_file.Count || register == _file.ZeroRegister)
            throw new ArgumentException($"{Isa.Name} has no general-purpose register {register} to pass something in.", parameter);
    }

    private void Free()
    {
        if (_disposed)
            return;
        _disposed = true;
        NativeMemory.Free(_cells);
        NativeMemory.Free(_records);
    }
}
