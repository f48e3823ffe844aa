using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Dbt.Isa;
using Dbt.Isa.Systems;
using Dbt.Translator.Explaining;
using Dbt.Translator.HostCode.X64;

namespace Dbt.Translator.Baseline;

/// <summary>
/// Where guest registers are while translated code runs: the hot ones in host registers, the others in the hart's state.
/// rbp points into the state, r15 is the host address of guest address 0; rax, rcx, rdx, xmm0 and xmm1 are scratch registers.
/// </summary>
internal sealed unsafe class X64RegisterMap
{
    /// <summary>Registers of the general-purpose file that the compiler can keep track of.</summary>
    public const int MaximumRegisters = 32;

    /// <summary>Points <see cref="Bias"/> bytes behind the start of the state.</summary>
    public const X64Register State = X64Register.Rbp;

    /// <summary>Host address of guest address 0.</summary>
    public const X64Register Memory = X64Register.R15;

    /// <summary>In system mode: the hart's software TLB, as it accesses data now.</summary>
    public const X64Register Tlb = X64Register.R15;

    // In state: distances in bytes from its start.
    public const int Poll = -PollPage.Size;
    public static readonly int Budget, Pc, MemoryBase, MemoryLimit, JumpCache, Current, Exit,
        FpFlags, FpRounding, ReservationAddress, ReservationValue, LeftThrough, HostRegisters,
        LeftAtCall, CallWords, HostFault;

    // What code addresses in the state.
    private static readonly string[] s_fields =
    [
        nameof(HartHeader.Budget), nameof(HartHeader.Pc), nameof(HartHeader.Memory), nameof(HartHeader.MemoryLimit), nameof(HartHeader.JumpCache),
        nameof(HartHeader.Current), nameof(HartHeader.Exit), nameof(HartHeader.FpFlags), nameof(HartHeader.FpRounding), nameof(HartHeader.LeftThrough),
        nameof(HartHeader.ReservationAddress), nameof(HartHeader.ReservationValue), nameof(HartHeader.RetiredBase),
        nameof(HartHeader.LeftAtCall),
    ];

    // Those that calls keep come first: the hottest registers then cost nothing around calls of C#.
    private static readonly X64Register[] s_hosts =
    [
        X64Register.Rbx, X64Register.R12, X64Register.R13, X64Register.R14, X64Register.Rsi,
        X64Register.Rdi, X64Register.R8, X64Register.R9, X64Register.R10, X64Register.R11,
    ];

    private const XmmRegister FirstVector = XmmRegister.Xmm2, LastVector = XmmRegister.Xmm15;

    private readonly sbyte[] _hosts = new sbyte[MaximumRegisters];
    private readonly sbyte[] _vectors = new sbyte[MaximumRegisters];
    private readonly int[] _homes;
    private readonly X64Memory[] _generalHomes = new X64Memory[MaximumRegisters];
    private readonly int _bias;
    private readonly int _system;

    // Not by their names, which takes a while at every start.
    [SkipLocalsInit]
    static X64RegisterMap()
    {
        HartHeader state;
        var start = (byte*)&state;
        Budget = (int)((byte*)&state.Budget - start);
        Pc = (int)((byte*)&state.Pc - start);
        MemoryBase = (int)((byte*)&state.Memory - start);
        MemoryLimit = (int)((byte*)&state.MemoryLimit - start);
        JumpCache = (int)((byte*)&state.JumpCache - start);
        Current = (int)((byte*)&state.Current - start);
        Exit = (int)((byte*)&state.Exit - start);
        FpFlags = (int)((byte*)&state.FpFlags - start);
        FpRounding = (int)((byte*)&state.FpRounding - start);
        ReservationAddress = (int)((byte*)&state.ReservationAddress - start);
        ReservationValue = (int)((byte*)&state.ReservationValue - start);
        LeftThrough = (int)((byte*)&state.LeftThrough - start);
        HostRegisters = (int)((byte*)state.HostRegisters - start);
        LeftAtCall = (int)((byte*)&state.LeftAtCall - start);
        CallWords = (int)((byte*)state.CallWords - start);
        HostFault = (int)((byte*)&state.HostFault - start);
    }

    /// <summary>The map of a guest.</summary>
    /// <exception cref="NotSupportedException">It has more than <see cref="MaximumRegisters"/> general-purpose registers.</exception>
    public X64RegisterMap(GuestIsa isa)
    {
        var general = isa.RegisterFiles[0];
        if (general.Count > MaximumRegisters)
            throw new NotSupportedException($"The baseline compiler does not keep track of {general.Count} registers.");
        // Within reach of a displacement of 8 bits are most homes, and in front of them the budget, the window's end and the jump cache.
        _bias = Math.Min(JumpCache, general.Offset) + 128;
        _homes = new int[isa.RegisterFiles.Count];
        Strides = new int[isa.RegisterFiles.Count];
        for (var i = 0; i < _homes.Length; i++)
            (_homes[i], Strides[i]) = (isa.RegisterFiles[i].Offset, isa.RegisterFiles[i].Stride);
        for (var i = 0; i < general.Count; i++)
            _generalHomes[i] = X64Memory.At(State, _homes[0] + i * Strides[0] - _bias);
        // A place as good as any, to see how far a part is from its start.
        ulong place = 0;
        if (isa.SystemOf((HartHeader*)&place) is not null and var system)
            _system = (int)((byte*)system - (byte*)&place);
        var hot = general.Hot.Count > 0 ? general.Hot : [.. Enumerable.Range(0, general.Count).Where(i => i != general.ZeroRegister)];
        Hot = First(hot, s_hosts.Length);
        Reset();
        VectorFile = 1;
        while (VectorFile < isa.RegisterFiles.Count && isa.RegisterFiles[VectorFile].Hot.Count == 0)
            VectorFile++;
        if (VectorFile == isa.RegisterFiles.Count)
            return;
        var vectors = isa.RegisterFiles[VectorFile];
        if (vectors.Count > MaximumRegisters)
            throw new NotSupportedException($"The baseline compiler does not keep track of {vectors.Count} registers.");
        HotVectors = First(vectors.Hot, LastVector - FirstVector + 1);
        for (var i = 0; i < _vectors.Length; i++)
            _vectors[i] = -1;
        for (var i = 0; i < HotVectors.Length; i++)
            _vectors[HotVectors[i]] = (sbyte)((int)FirstVector + i);
    }

    /// <summary>Guest registers that live in host registers, outside of blocks that <see cref="Exchange"/> some.</summary>
    public int[] Hot { get; }

    /// <summary>
    /// The file whose hot registers live in vector registers: the first one beside the general-purpose one that has any; of
    /// registers of 64 bits. The number of files when there is none.
    /// </summary>
    public int VectorFile { get; }

    /// <summary>Its registers that live in vector registers.</summary>
    public int[] HotVectors { get; } = [];

    /// <summary>Distance of <see cref="State"/> from the start of the state.</summary>
    public int Bias => _bias;

    private int[] Strides { get; }

    /// <summary>Whether a guest register lives in a host register, and which.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsMapped(int file, int index, out X64Register host)
    {
        var number = file == 0 ? _hosts[index] : (sbyte)-1;
        host = (X64Register)number;
        return number >= 0;
    }

    /// <summary>Whether a guest register lives in a vector register, and which.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsVector(int file, int index, out XmmRegister host)
    {
        var number = file == VectorFile ? _vectors[index] : (sbyte)-1;
        host = (XmmRegister)number;
        return number >= 0;
    }

    /// <summary>What registers and fields of the state are called, for people.</summary>
    public HostNames Names(GuestIsa isa)
    {
        var fields = new Dictionary<long, string>();
        foreach (var field in s_fields)
            fields[Offset(field) - _bias] = field;
        fields[Poll - _bias] = nameof(Poll);
        for (var i = 0; i < HartHeader.CallWordCount; i++)
            fields[CallWords + i * sizeof(ulong) - _bias] = $"{nameof(HartHeader.CallWords)}[{i}]";
        foreach (var file in isa.RegisterFiles)
            for (var i = 0; i < file.Count; i++)
                fields[file.Offset + i * file.Stride - _bias] = file.Names[i];
        return new HostNames
        {
            StateRegister = Name(State),
            MemoryRegister = Name(Memory),
            StateFields = fields,
            Registers =
            [
                .. Hot.Select(register => (isa.RegisterFiles[0].Names[register], Name((X64Register)_hosts[register]))),
                .. HotVectors.Select(register => (isa.RegisterFiles[VectorFile].Names[register], Name((XmmRegister)_vectors[register]))),
            ],
        };
    }

    private static string Name<T>(T register)
        where T : struct, Enum => register.ToString().ToLowerInvariant();

    /// <summary>The host register of a hot register, by its place in <see cref="Hot"/>.</summary>
    public static X64Register HostOf(int place) => s_hosts[place];

    /// <summary>Lets a register have the host register of a hot one, which is in its home instead.</summary>
    public void Exchange(int hot, int guest) => (_hosts[guest], _hosts[hot]) = (_hosts[hot], -1);

    /// <summary>Hot registers are in host registers, and no others.</summary>
    public void Reset()
    {
        for (var i = 0; i < _hosts.Length; i++)
            _hosts[i] = -1;
        for (var i = 0; i < Hot.Length; i++)
            _hosts[Hot[i]] = (sbyte)s_hosts[i];
    }

    // LINQ over numbers would be compiled at every start.
    private static int[] First(IReadOnlyList<int> registers, int most)
    {
        var first = new int[Math.Min(registers.Count, most)];
        for (var i = 0; i < first.Length; i++)
            first[i] = registers[i];
        return first;
    }

    private static int Offset(string field) => (int)Marshal.OffsetOf<HartHeader>(field);

    /// <summary>A field of <see cref="HartHeader"/>.</summary>
    public X64Memory Field(int offset) => X64Memory.At(State, offset - _bias);

    /// <summary><see cref="Dbt.Isa.Systems.SystemHeader.Tlb"/>.</summary>
    public X64Memory CurrentTlb => X64Memory.At(State, _system - _bias);

    /// <summary><see cref="Dbt.Isa.Systems.SystemHeader.MayCall"/>.</summary>
    public X64Memory MayCall => X64Memory.At(State, _system + (int)Marshal.OffsetOf<SystemHeader>(nameof(SystemHeader.MayCall)) - _bias);

    /// <summary><see cref="Dbt.Isa.Systems.SystemHeader.Attention"/>.</summary>
    public X64Memory Attention => X64Memory.At(State, _system + (int)Marshal.OffsetOf<SystemHeader>(nameof(SystemHeader.Attention)) - _bias);

    /// <summary>The home of a guest register.</summary>
    public X64Memory Home(int file, int index) => file == 0 ? _generalHomes[index] : X64Memory.At(State, _homes[file] + index * Strides[file] - _bias);

    /// <summary>The home of a general-purpose register in a hart's state.</summary>
    public ulong* HomeIn(HartHeader* state, int index) => (ulong*)((byte*)state + _homes[0] + index * Strides[0]);

    /// <summary>The upper half of the home of a guest register.</summary>
    public X64Memory HomeUpper(int file, int index) => X64Memory.At(State, _homes[file] + index * Strides[file] + 4 - _bias);
}
