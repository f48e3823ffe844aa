using Dbt.Isa;

namespace Dbt.Translator.Il.Emission;

/// <summary>
/// Atomic accesses to guest memory, by its host address; called from compiled code, named as the operators are. Each is one atomic step
/// for other host threads and orders everything around it.
/// </summary>
public static unsafe class GuestAtomics
{
    /// <summary>Adds.</summary>
    public static int Add(int* at, int value) => Interlocked.Add(ref *at, value) - value;

    /// <summary>Adds.</summary>
    public static long Add(long* at, long value) => Interlocked.Add(ref *at, value) - value;

    /// <summary>Ands.</summary>
    public static int And(int* at, int value) => Interlocked.And(ref *at, value);

    /// <summary>Ands.</summary>
    public static long And(long* at, long value) => Interlocked.And(ref *at, value);

    /// <summary>Ors.</summary>
    public static int Or(int* at, int value) => Interlocked.Or(ref *at, value);

    /// <summary>Ors.</summary>
    public static long Or(long* at, long value) => Interlocked.Or(ref *at, value);

    /// <summary>Exclusive-ors.</summary>
    public static int Xor(int* at, int value)
    {
        for (; ; )
        {
            var old = Volatile.Read(ref *at);
            if (Interlocked.CompareExchange(ref *at, old ^ value, old) == old)
                return old;
        }
    }

    /// <summary>Exclusive-ors.</summary>
    public static long Xor(long* at, long value)
    {
        for (; ; )
        {
            var old = Volatile.Read(ref *at);
            if (Interlocked.CompareExchange(ref *at, old ^ value, old) == old)
                return old;
        }
    }

    /// <summary>Replaces.</summary>
    public static int Exchange(int* at, int value) => Interlocked.Exchange(ref *at, value);

    /// <summary>Replaces.</summary>
    public static long Exchange(long* at, long value) => Interlocked.Exchange(ref *at, value);

    /// <summary>Keeps the smaller one.</summary>
    public static int Minimum(int* at, int value) => Choose(at, value, static (a, b) => Math.Min(a, b));

    /// <summary>Keeps the smaller one.</summary>
    public static long Minimum(long* at, long value) => Choose(at, value, static (a, b) => Math.Min(a, b));

    /// <summary>Keeps the smaller one.</summary>
    public static uint Minimum(uint* at, uint value) => (uint)Choose((int*)at, (int)value, static (a, b) => (int)Math.Min((uint)a, (uint)b));

    /// <summary>Keeps the smaller one.</summary>
    public static ulong Minimum(ulong* at, ulong value) => (ulong)Choose((long*)at, (long)value, static (a, b) => (long)Math.Min((ulong)a, (ulong)b));

    /// <summary>Keeps the larger one.</summary>
    public static int Maximum(int* at, int value) => Choose(at, value, static (a, b) => Math.Max(a, b));

    /// <summary>Keeps the larger one.</summary>
    public static long Maximum(long* at, long value) => Choose(at, value, static (a, b) => Math.Max(a, b));

    /// <summary>Keeps the larger one.</summary>
    public static uint Maximum(uint* at, uint value) => (uint)Choose((int*)at, (int)value, static (a, b) => (int)Math.Max((uint)a, (uint)b));

    /// <summary>Keeps the larger one.</summary>
    public static ulong Maximum(ulong* at, ulong value) => (ulong)Choose((long*)at, (long)value, static (a, b) => (long)Math.Max((ulong)a, (ulong)b));

    /// <summary>Stores when this address is reserved and still holds the value that was seen, then drops the reservation. 0 on success, else 1.</summary>
    public static int StoreConditional(HartHeader* state, ulong address, int* at, int value)
    {
        var reserved = state->ReservationAddress == address;
        state->ReservationAddress = HartHeader.NoReservation;
        var expected = (int)state->ReservationValue;
        return reserved && Interlocked.CompareExchange(ref *at, value, expected) == expected ? 0 : 1;
    }

    /// <summary>Stores when this address is reserved and still holds the value that was seen, then drops the reservation. 0 on success, else 1.</summary>
    public static int StoreConditional(HartHeader* state, ulong address, long* at, long value)
    {
        var reserved = state->ReservationAddress == address;
        state->ReservationAddress = HartHeader.NoReservation;
        var expected = (long)state->ReservationValue;
        return reserved && Interlocked.CompareExchange(ref *at, value, expected) == expected ? 0 : 1;
    }

    private static int Choose(int* at, int value, Func<int, int, int> choose)
    {
        for (; ; )
        {
            var old = Volatile.Read(ref *at);
            if (Interlocked.CompareExchange(ref *at, choose(old, value), old) == old)
                return old;
        }
    }

    private static long Choose(long* at, long value, Func<long, long, long> choose)
    {
        for (; ; )
        {
            var old = Volatile.Read(ref *at);
            if (Interlocked.CompareExchange(ref *at, choose(old, value), old) == old)
                return old;
        }
    }
}
