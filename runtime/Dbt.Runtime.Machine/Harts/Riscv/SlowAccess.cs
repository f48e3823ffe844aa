using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Dbt.Isa;
using Dbt.Isa.Systems;
using Dbt.Translator;

namespace Dbt.Runtime.Machine.Harts.Riscv;

/// <summary>Accesses that miss the software TLB, as translated code calls them.</summary>
internal static unsafe class SlowAccess
{
    /// <summary>The functions, for every hart; never freed.</summary>
    public static readonly SystemCalls* Calls = Create();

    private static SystemCalls* Create()
    {
        var calls = (SystemCalls*)NativeMemory.Alloc((nuint)sizeof(SystemCalls));
        *calls = new SystemCalls { Load = &Load, Store = &Store, Find = &Find, Time = &Time, ReadRegister = &ReadRegister, WriteRegister = &WriteRegister };
        return calls;
    }

    private static MachineHart From(HartHeader* state) => (MachineHart)Hart.FromState(state).Code;

    private static ulong Time(HartHeader* state) => From(state).Now;

    private static bool ReadRegister(HartHeader* state, int number, ulong* value) => From(state).TryReadRegister(number, out *value);

    private static bool WriteRegister(HartHeader* state, int number, ulong value) => From(state).TryWriteRegister(number, value);

    private static ExitReason Load(HartHeader* state, ulong address, int bytes)
    {
        var hart = From(state);
        var first = PartInPage(address, bytes);
        var reason = hart.Access(address, first, AccessKind.Read, out var physical);
        if (reason != ExitReason.None)
            return reason;
        Span<byte> value = stackalloc byte[sizeof(ulong)];
        value.Clear();
        var host = hart.HostOf(physical, first);
        if (host == null)
            return first == bytes ? hart.LoadDevice(address, physical, bytes) : hart.NoMemory(address, AccessKind.Read);
        new ReadOnlySpan<byte>(host, first).CopyTo(value);
        if (first < bytes)
        {
            reason = hart.Access(address + (ulong)first, bytes - first, AccessKind.Read, out physical);
            if (reason != ExitReason.None)
                return reason;
            host = hart.HostOf(physical, bytes - first);
            if (host == null)
                return hart.NoMemory(address + (ulong)first, AccessKind.Read);
            new ReadOnlySpan<byte>(host, bytes - first).CopyTo(value[first..]);
        }
        hart.State->System.Loaded = BinaryPrimitives.ReadUInt64LittleEndian(value);
        return ExitReason.None;
    }

    private static ExitReason Store(HartHeader* state, ulong address, int bytes, ulong value)
    {
        var hart = From(state);
        var first = PartInPage(address, bytes);
        var reason = hart.Access(address, first, AccessKind.Write, out var physical);
        if (reason != ExitReason.None)
            return reason;
        var host = hart.HostOf(physical, first);
        if (host == null)
            return first == bytes ? hart.StoreDevice(address, physical, bytes, value) : hart.NoMemory(address, AccessKind.Write);
        if (first == bytes)
        {
            // An aligned store is one: another hart may look.
            switch (bytes)
            {
                case 1:
                    *host = (byte)value;
                    break;
                case 2:
                    *(ushort*)host = (ushort)value;
                    break;
                case 4:
                    *(uint*)host = (uint)value;
                    break;
                default:
                    *(ulong*)host = value;
                    break;
            }
            return ExitReason.None;
        }
        reason = hart.Access(address + (ulong)first, bytes - first, AccessKind.Write, out physical);
        if (reason != ExitReason.None)
            return reason;
        var rest = hart.HostOf(physical, bytes - first);
        if (rest == null)
            return hart.NoMemory(address + (ulong)first, AccessKind.Write);
        Span<byte> stored = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(stored, value);
        stored[..first].CopyTo(new Span<byte>(host, first));
        stored[first..bytes].CopyTo(new Span<byte>(rest, bytes - first));
        return ExitReason.None;
    }

    private static ExitReason Find(HartHeader* state, ulong address, int bytes, AccessKind access, byte** host)
    {
        var hart = From(state);
        var reason = hart.Access(address, bytes, access, out var physical);
        if (reason != ExitReason.None)
            return reason;
        *host = hart.HostOf(physical, bytes);
        return *host == null ? hart.NoMemory(address, access) : ExitReason.None;
    }

    private static int PartInPage(ulong address, int bytes) =>
        (int)Math.Min((ulong)bytes, TlbEntry.PageSize - (address & TlbEntry.PageSize - 1));
}
