using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Dbt.Isa;
using Dbt.Isa.Systems;

namespace Dbt.Embedding;

/// <content>
/// Accesses to what is no memory. They fault like any other; then the instruction is executed once more, in the guest's system mode with a TLB that knows nothing, so
/// that its accesses come here with their size and value, whatever instruction it is.
/// </content>
public sealed unsafe partial class VirtualHart
{
    // Never freed: as long as the process lives, a hart may use them.
    private static readonly TlbEntry* s_noPages = CreateTlb();
    private static readonly SystemCalls* s_calls = CreateCalls();

    // Whose instruction is executed so.
    [ThreadStatic]
    private static VirtualHart? t_accessing;

    private HartExit _access;
    private ulong? _answer;
    private bool _isUnanswered;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Completes the access for which <see cref="Run"/> returned <see cref="HartExitReason.Mmio"/>; the hart goes on behind it.</summary>
    /// <param name="value">What a load gives; of no meaning to a store.</param>
    /// <exception cref="InvalidOperationException">There is none, or it was completed.</exception>
    public void CompleteMmio(ulong value = 0)
    {
        BeginCall();
        if (!_isUnanswered || _access.Pc != State->Pc)
            throw new InvalidOperationException("The hart has no access to complete.");
        _answer = value;
        try
        {
            if (!TryStepAccess())
                throw new InvalidOperationException("The instruction that made the access is another now.");
        }
        finally
        {
            _answer = null;
        }
    }

    private bool IsMmio => _state->FaultAccess != AccessKind.Execute && Machine.Memory.Find(_state->FaultAddress) is null;

    // Devices answer; false when there is none.
    private bool TryMmio(out HartExit exit)
    {
        exit = default;
        if (TryStepAccess())
            return true;
        exit = _isUnanswered
            ? _access
            : Exit(HartExitReason.Fault) with
            {
                Fault = FaultKind.Memory,
                Address = _state->FaultAddress,
                Access = _state->FaultAccess == AccessKind.Write ? MemoryAccess.Write : MemoryAccess.Read,
            };
        return false;
    }

    private bool TryStepAccess()
    {
        _isUnanswered = false;
        var system = _hart.Isa.SystemOf(_state);
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        bytes.Clear();
        if (system == null || Machine.Memory.Fetch(_state->Pc, bytes) < 2 || !_hart.Isa.TryDecode(MemoryMarshal.Read<uint>(bytes), Machine.Extensions, out var instruction))
            return false;
        t_accessing = this;
        system->Tlb = s_noPages;
        system->Calls = s_calls;
        try
        {
            var done = _hart.Isa.Step(_state, instruction);
            var failure = _failure;
            _failure = null;
            failure?.Throw();
            return done;
        }
        finally
        {
            system->Tlb = null;
            system->Calls = null;
            system->Attention = 0;
            t_accessing = null;
        }
    }

    private ExitReason Access(ulong address, int size, AccessKind access, ref ulong value)
    {
        var memory = Machine.Memory;
        fixed (ulong* place = &value)
        {
            var bytes = new Span<byte>(place, size);
            if (access == AccessKind.Write ? memory.TryWrite(address, bytes) : memory.TryRead(address, bytes))
                return ExitReason.None;
        }
        if (Machine.FindDevice(address, size) is { } device)
            return Ask(device, address - device.Start, size, access, ref value);
        // Half memory, or memory that does not allow it.
        if (memory.Find(address) is null && memory.Find(address + (ulong)size - 1) is null)
        {
            if (_answer is { } answer)
            {
                value = access == AccessKind.Read ? answer : value;
                return ExitReason.None;
            }
            _isUnanswered = true;
            _access = new HartExit
            {
                Reason = HartExitReason.Mmio,
                Pc = _state->Pc,
                Address = address,
                Size = size,
                Access = access == AccessKind.Write ? MemoryAccess.Write : MemoryAccess.Read,
                Value = access == AccessKind.Write ? Cut(value, size) : 0,
            };
        }
        return Fault(address, access);
    }

    // Nothing is thrown through the guest's code.
    private ExitReason Ask(MmioRegion device, ulong offset, int size, AccessKind access, ref ulong value)
    {
        try
        {
            if (access == AccessKind.Write)
                device.Write?.Invoke(offset, size, Cut(value, size));
            else
                value = Cut(device.Read?.Invoke(offset, size) ?? 0, size);
            return ExitReason.None;
        }
#pragma warning disable CA1031 // Whatever it is, it comes out of Run.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _failure = ExceptionDispatchInfo.Capture(error);
            return Fault(device.Start + offset, access);
        }
    }

    private ExitReason Fault(ulong address, AccessKind access)
    {
        _state->FaultAddress = address;
        _state->FaultAccess = access;
        return ExitReason.MemoryFault;
    }

    private static ulong Cut(ulong value, int size) => size < sizeof(ulong) ? value & (1UL << 8 * size) - 1 : value;

    private static ExitReason Load(HartHeader* state, ulong address, int bytes)
    {
        var hart = t_accessing!;
        ulong value = 0;
        var reason = hart.Access(address, bytes, AccessKind.Read, ref value);
        hart._hart.Isa.SystemOf(state)->Loaded = value;
        return reason;
    }

    private static ExitReason Store(HartHeader* state, ulong address, int bytes, ulong value) =>
        t_accessing!.Access(address, bytes, AccessKind.Write, ref value);

    private static ulong Time(HartHeader* state) => 0;

    // Atomic accesses and blocks are for memory only.
    private static ExitReason Find(HartHeader* state, ulong address, int bytes, AccessKind access, byte** host) => t_accessing!.Fault(address, access);

    private static SystemCalls* CreateCalls()
    {
        var calls = (SystemCalls*)NativeMemory.Alloc((nuint)sizeof(SystemCalls));
        *calls = new SystemCalls { Load = &Load, Store = &Store, Find = &Find, Time = &Time };
        return calls;
    }

    private static TlbEntry* CreateTlb()
    {
        var table = (TlbEntry*)NativeMemory.Alloc(TlbEntry.Count, (nuint)sizeof(TlbEntry));
        for (var i = 0; i < TlbEntry.Count; i++)
            table[i] = new TlbEntry { LoadTag = TlbEntry.NoPage, StoreTag = TlbEntry.NoPage };
        return table;
    }
}
